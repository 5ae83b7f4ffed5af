import { describe, expect, it } from 'vitest';
import { inNotebookForm } from '../../src/run/presenting';
import { MAX_TEXT, Outputs, richest, type OutputMessage } from '../../src/run/outputs';

function message(type: string, content: Record<string, unknown>): OutputMessage {
  return { header: { msg_type: type }, content };
}

const print = (text: string) => message('stream', { name: 'stdout', text });

function outputsOf(...messages: OutputMessage[]): Outputs {
  const outputs = new Outputs();
  for (const each of messages) outputs.take(each);
  return outputs;
}

describe('the outputs of a run', () => {
  it('joins what is printed piece by piece', () => {
    const { items } = outputsOf(print('one\n'), print('two\n'));

    expect(items).toMatchObject([{ kind: 'stream', text: 'one\ntwo\n' }]);
  });

  it('keeps errors apart from ordinary text', () => {
    const { items } = outputsOf(
      print('a'),
      message('stream', { name: 'stderr', text: 'b' }),
      print('c'),
    );

    expect(items.map((item) => item.kind === 'stream' && item.name)).toEqual([
      'stdout',
      'stderr',
      'stdout',
    ]);
  });

  it('updates a display in its place', () => {
    const show = (type: string, text: string) =>
      message(type, { data: { 'text/plain': text }, metadata: {}, transient: { display_id: 'd' } });

    const { items } = outputsOf(
      show('display_data', 'old'),
      print('x'),
      show('update_display_data', 'new'),
    );

    expect(items).toMatchObject([{ data: { 'text/plain': 'new' } }, { text: 'x' }]);
  });

  it('clears at once, or only when the next output comes', () => {
    expect(outputsOf(print('a'), message('clear_output', { wait: false })).items).toEqual([]);

    const waiting = outputsOf(print('a'), message('clear_output', { wait: true }));
    expect(waiting.items).toHaveLength(1);
    waiting.take(print('b'));
    expect(waiting.items).toMatchObject([{ text: 'b' }]);
  });

  it('stops keeping what no page could show', () => {
    const outputs = outputsOf(print('x'.repeat(MAX_TEXT)), print('more'));

    expect(outputs.truncated).toBe(true);
    expect(outputs.items).toHaveLength(1);
  });
});

describe('what a program asks', () => {
  it('stays among the outputs with its answer, unless that was secret', () => {
    const outputs = outputsOf(print('a'));
    outputs.asked('Name? ', 'Zoë');
    outputs.asked('Secret? ');

    expect(outputs.items.slice(1)).toMatchObject([
      { kind: 'question', prompt: 'Name? ', answer: 'Zoë' },
      { kind: 'question', prompt: 'Secret? ' },
    ]);
  });

  it('is shown to others without the answer', () => {
    const outputs = outputsOf();
    outputs.asked('Name? ', 'Zoë');

    expect(JSON.stringify(outputs.items.map(inNotebookForm))).toContain('Name?');
    expect(JSON.stringify(outputs.items.map(inNotebookForm))).not.toContain('Zoë');
  });
});

describe('how a program ends', () => {
  const exits = (value: string) =>
    outputsOf(
      message('error', { ename: 'SystemExit', evalue: value, traceback: ['x'] }),
      message('stream', {
        name: 'stderr',
        text: `/x/interactiveshell.py:1: UserWarning: To exit: use 'exit', 'quit', or Ctrl-D.\n  warn("To exit: …", stacklevel=1)\n`,
      }),
    );

  it.each(['', '0', '3', 'None'])('is not worth a word for sys.exit(%s)', (value) => {
    expect(exits(value).items).toEqual([]);
    expect(exits(value).produced).toBe(false);
  });

  it('is the text that sys.exit was given', () => {
    expect(exits('no more money').items).toMatchObject([{ text: 'no more money\n' }]);
  });

  it('is where it was, for a kernel that tells a stop in plain text', () => {
    const outputs = outputsOf(
      message('stream', {
        name: 'stderr',
        text: '\nTraceback (most recent call last):\nKeyboardInterrupt: Keyboard interrupt\n',
      }),
    );
    outputs.stopped();
    expect(outputs.items).toMatchObject([{ kind: 'error', name: 'KeyboardInterrupt' }]);
  });

  it('is told with the pages of its reply', () => {
    const { items } = outputsOf(
      message('execute_reply', {
        status: 'ok',
        payload: [{ source: 'page', data: { 'text/plain': 'Docstring' }, start: 0 }],
      }),
    );
    expect(items).toMatchObject([{ kind: 'data', data: { 'text/plain': 'Docstring' } }]);
  });
});

describe('the richest form of a bundle', () => {
  it('is shown in a frame when it could bring script along', () => {
    for (const mime of ['text/html', 'image/svg+xml', 'text/markdown', 'application/javascript']) {
      expect(richest({ 'text/plain': 'x', [mime]: '<b>' }).as).toBe('frame');
    }
  });

  it('is an image in the page for pixels, and text for text', () => {
    expect(richest({ 'text/plain': 'Figure', 'image/png': 'iVBO\nRw0=' })).toEqual({
      as: 'image',
      mime: 'image/png',
      value: 'iVBORw0=',
    });
    expect(richest({ 'text/plain': ['a', 'b'] })).toMatchObject({ as: 'text', value: 'ab' });
  });
});
