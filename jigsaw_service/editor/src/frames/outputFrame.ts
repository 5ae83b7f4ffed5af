/** The script inside the frame for untrusted output: shows what the page posts, and reports its height. */
import './outputFrame.css';
import { marked } from 'marked';
import temml from 'temml';
import type { FromFrame, ToFrame } from './messages';

const output =
  document.getElementById('output') ?? document.body.appendChild(document.createElement('div'));

function post(message: FromFrame): void {
  // The page checks that it is this window that speaks; there is nothing secret in a height.
  parent.postMessage(message, '*');
}

addEventListener('message', (event: MessageEvent<ToFrame | null>) => {
  if (event.source !== parent || event.data?.type !== 'jigsaw-output') return;
  const { mime, content, dark, direction } = event.data;
  document.documentElement.classList.toggle('dark', dark);
  document.documentElement.dir = direction;
  const key = `${mime} ${content}`;
  if (shown === key) return;
  shown = key;
  output.replaceChildren();
  try {
    show(mime, content);
  } catch (error) {
    output.textContent = String(error);
  }
});

/** Content of the frame: a change of colours alone must not run a script again. */
let shown = '';

function show(mime: string, content: string): void {
  switch (mime) {
    case 'text/markdown':
      showHtml(markdown(content));
      break;
    case 'text/latex':
      showHtml(typeset(content));
      break;
    case 'application/javascript':
      run(content);
      break;
    default:
      showHtml(content);
  }
}

function showHtml(markup: string): void {
  output.innerHTML = markup;
  // Scripts that arrive as markup do not run: ones made by hand do, in the order they stand.
  for (const inert of output.querySelectorAll('script')) {
    const script = document.createElement('script');
    for (const { name, value } of inert.attributes) script.setAttribute(name, value);
    script.text = inert.text;
    inert.replaceWith(script);
  }
}

function run(code: string): void {
  const script = document.createElement('script');
  // Jupyter gives such scripts the place for their output as `element`.
  script.text = `(function (element) {\n${code}\n})(document.getElementById('output'));`;
  output.append(script);
}

/** Formulas in dollars, as Jupyter has them, or in TeX's own brackets. */
const FORMULA = /\$\$([^]+?)\$\$|\\\[([^]+?)\\\]|\\\(([^]+?)\\\)|\$((?:\\.|[^$\\\n])+?)\$/g;

function typeset(text: string): string {
  let rest = 0;
  let result = '';
  for (const match of text.matchAll(FORMULA)) {
    result += escaped(text.slice(rest, match.index)) + formula(match);
    rest = match.index + match[0].length;
  }
  return result + escaped(text.slice(rest));
}

function formula([whole, display, bracketed, inline, dollar]: RegExpMatchArray): string {
  const tex = display ?? bracketed ?? inline ?? dollar ?? whole;
  return temml.renderToString(tex, {
    displayMode: (display ?? bracketed) !== undefined,
    throwOnError: false,
  });
}

/** Formulas are set aside first: Markdown would read their underscores as emphasis. */
function markdown(text: string): string {
  const formulas: string[] = [];
  const marks = text.replace(FORMULA, (...match) => {
    formulas.push(formula(match));
    return `\u0002${formulas.length - 1}\u0003`;
  });
  const markup = marked.parse(marks, { async: false });

  return markup.replace(
    /\u0002(\d+)\u0003/g,
    (_whole, index: string) => formulas[Number(index)] ?? '',
  );
}

function escaped(text: string): string {
  const span = document.createElement('span');
  span.textContent = text;
  return span.innerHTML;
}

new ResizeObserver(() => {
  post({
    type: 'jigsaw-output',
    action: 'height',
    height: document.documentElement.getBoundingClientRect().height,
  });
}).observe(document.documentElement);

post({ type: 'jigsaw-output', action: 'ready' });
