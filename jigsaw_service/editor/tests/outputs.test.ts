import { describe, expect, it } from 'vitest';
import { MAX_TEXT, Outputs, richest, type OutputMessage } from '../src/run/outputs';

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
