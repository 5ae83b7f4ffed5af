// Speaks up in browsers too old for the page itself, so it is written in their JavaScript.
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
  var page = document.getElementById('page');

  function tell() {
    if (page.hasAttribute('data-shown')) return;
    var text = texts[document.documentElement.lang] || texts.en;
    var main = document.createElement('main');
    main.className = 'message-page';
    ['h1', 'p'].forEach(function (name, index) {
      var element = document.createElement(name);
      element.appendChild(document.createTextNode(text[index]));
      main.appendChild(element);
    });
    page.innerHTML = '';
    page.appendChild(main);
  }

  // The page's own script comes first. Here it has begun, or this browser could not read it.
  if (!page.hasAttribute('data-begun')) tell();
  window.addEventListener('unhandledrejection', function (event) {
    if (event.reason instanceof SyntaxError) tell();
  });
})();
