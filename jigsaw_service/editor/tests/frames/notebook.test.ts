// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { Notebook, read } from '../../src/frames/notebook';

const HERE = 'https://jigsaw.example.com';
const THERE = 'https://alice.example.com';

/** A page around the frame at another origin, which keeps what it is told. */
function pageAround() {
  const told: unknown[] = [];
  const around = {
    get location(): Location {
      throw new DOMException('Another origin', 'SecurityError');
    },
    postMessage: (message: unknown, origin: string) => told.push([origin, message]),
  } as unknown as Window;
  return { around, told };
}

function heardBy(notebook: Notebook) {
  const heard: unknown[] = [];
  notebook.addEventListener('message', (event) => heard.push((event as CustomEvent).detail));
  return heard;
}

const say = (data: unknown, origin: string, source: Window) =>
  dispatchEvent(new MessageEvent('message', { data, origin, source }));

describe('a message to the frame', () => {
  it.each([
    { action: 'import', xml: '<xml/>' },
    { action: 'get', id: '7' },
    { action: 'theme', dark: true },
  ])('is understood in each of its forms', (message) => {
    expect(read({ type: 'jigsaw', ...message })).toEqual(message);
  });

  it.each([
    undefined,
    null,
    'jigsaw',
    7,
    [],
    { action: 'theme', dark: true },
    { type: 'jigsaw' },
    { type: 'jigsaw', action: 'execute', code: 'print(1)' },
    { type: 'jigsaw', action: 'run' },
    { type: 'jigsaw', action: 'insert', code: 'print(1)' },
    { type: 'jigsaw', action: 'theme', dark: 'yes' },
    { type: 'jigsaw', action: 'get', id: 7 },
    { type: 'jigsaw', action: 'get', id: 'x'.repeat(101) },
    { type: 'jigsaw', action: 'import', xml: { toString: '<xml/>' } },
    { type: 'jigsaw', action: 'import', xml: 'x'.repeat(1024 * 1024 + 1) },
    { type: 'jigsaw', action: '__proto__' },
  ])('is nothing where a part is wrong or unknown: %j', (data) => {
    expect(read(data)).toBeUndefined();
  });

  it('counts only from the window around, at the origin that the service named', () => {
    const { around } = pageAround();
    const heard = heardBy(new Notebook(around, [THERE]));
    const message = { type: 'jigsaw', action: 'theme', dark: true };

    say(message, 'https://evil.example.com', around);
    say(message, 'null', around);
    say(message, HERE, around);
    say(message, THERE, window);
    expect(heard).toEqual([]);

    say(message, THERE, around);
    expect(heard).toEqual([{ action: 'theme', dark: true }]);
  });
});

describe('what the frame tells', () => {
  it('goes to that origin only', () => {
    const { around, told } = pageAround();

    new Notebook(around, [THERE]).post({ action: 'size', height: 400 });

    expect(told).toEqual([[THERE, { type: 'jigsaw', action: 'size', height: 400 }]]);
  });

  it('goes nowhere where the page around is at none of the origins', () => {
    const { around, told } = pageAround();

    new Notebook(around, []).post({ action: 'ready', protocol: 1 });
    new Notebook(around, [THERE, 'https://bob.example.com']).post({ action: 'ready', protocol: 1 });

    expect(told).toEqual([]);
  });
});
