// Loaded only by browsers too old for the page itself, so it is written in their JavaScript.
(function () {
  var texts = {
    en: [
      'This browser is too old for Jigsaw',
      'Use a current version of Firefox, Chrome, Edge or Safari. Your workspaces are waiting for you there.',
    ],
    de: [
      'Dieser Browser ist zu alt für Jigsaw',
      'Nimm eine aktuelle Version von Firefox, Chrome, Edge oder Safari. Deine Arbeitsbereiche warten dort auf dich.',
    ],
    ar: [
      'هذا المتصفح قديم جدًا بالنسبة إلى Jigsaw',
      'استخدم إصدارًا حديثًا من Firefox أو Chrome أو Edge أو Safari. ستجد مساحات عملك هناك.',
    ],
  };
  var text = texts[document.documentElement.lang] || texts.en;
  window.onload = function () {
    var heading = document.createElement('h1');
    var paragraph = document.createElement('p');
    heading.appendChild(document.createTextNode(text[0]));
    paragraph.appendChild(document.createTextNode(text[1]));
    document.body.appendChild(heading);
    document.body.appendChild(paragraph);
  };
})();
