// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from '../../src/api/client';
import { Agreement, askToRun, type Circumstances } from '../../src/trust/agreement';
import { provenanceOf } from '../../src/trust/provenance';
import { TrustSession } from '../../src/trust/trustSession';

const code = (text: string, kernelName: string | null = null) => ({ code: text, kernelName });

function agreementOf(about: Partial<Circumstances> = {}) {
  const ask = vi.fn<Circumstances['ask']>().mockResolvedValue('once');
  const provenance = vi
    .fn<Circumstances['provenance']>()
    .mockResolvedValue({ others: ['bob'], files: 0 });
  const trustSession = new TrustSession();
  const all = {
    hub: '/hub/',
    user: 'alice',
    workspace: 'w',
    trustSession,
    provenance,
    ask,
    ...about,
  };
  return { agreement: new Agreement(all), ask, trustSession };
}

beforeEach(() => {
  localStorage.clear();
});

describe('an agreement', () => {
  it('is not needed for what is all one’s own', async () => {
    const { agreement, ask } = agreementOf({
      provenance: () => Promise.resolve({ others: [], files: 0 }),
    });
    expect(await agreement.covers(code('print(1)'))).toBe(true);
    expect(ask).not.toHaveBeenCalled();
  });

  it('is needed for what came in as a file', async () => {
    const { agreement, ask } = agreementOf({
      provenance: () => Promise.resolve({ others: [], files: 1 }),
    });
    await agreement.covers(code('print(1)'));
    expect(ask).toHaveBeenCalledOnce();
  });

  it('is asked for with the code and with who changed it', async () => {
    const { agreement, ask } = agreementOf();
    expect(await agreement.covers(code('print(1)'))).toBe(true);
    expect(ask).toHaveBeenCalledExactlyOnceWith(code('print(1)'), { others: ['bob'], files: 0 });
  });

  it('covers the same code from then on, in another tab, too', async () => {
    await agreementOf().agreement.covers(code('print(1)'));
    const { agreement, ask } = agreementOf();
    expect(await agreement.covers(code('print(1)'))).toBe(true);
    expect(ask).not.toHaveBeenCalled();
  });

  it.each([
    ['other code', 'print(2)', {}],
    ['another person', 'print(1)', { user: 'carol' }],
    ['another workspace', 'print(1)', { workspace: 'v' }],
    ['another Hub', 'print(1)', { hub: '/other/' }],
  ])('does not cover %s', async (_, text, about) => {
    await agreementOf().agreement.covers(code('print(1)'));
    const { agreement, ask } = agreementOf(about);
    await agreement.covers(code(text));
    expect(ask).toHaveBeenCalledOnce();
  });

  it('does not cover the same code on another kernel', async () => {
    const { agreement, ask } = agreementOf();
    await agreement.covers(code('print(1)'));
    await agreement.covers(code('print(1)', 'bash'));
    await agreement.covers(code('print(1)', 'bash'));
    expect(ask).toHaveBeenCalledTimes(2);
    expect(ask).toHaveBeenLastCalledWith(code('print(1)', 'bash'), { others: ['bob'], files: 0 });
  });

  it('can be refused, and is asked for again then', async () => {
    const { agreement, ask } = agreementOf({});
    ask.mockResolvedValueOnce('no');
    expect(await agreement.covers(code('print(1)'))).toBe(false);
    expect(await agreement.covers(code('print(1)'))).toBe(true);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('cannot be given where it cannot be told whose the changes are', async () => {
    const { agreement, ask } = agreementOf({
      provenance: () => Promise.reject(new Error('offline')),
    });
    await expect(agreement.covers(code('print(1)'))).rejects.toThrow('offline');
    expect(ask).not.toHaveBeenCalled();
  });

  it('is asked for once, however often Run is pressed meanwhile', async () => {
    const { agreement, ask } = agreementOf();
    const answers = await Promise.all([
      agreement.covers(code('print(1)')),
      agreement.covers(code('print(1)')),
    ]);
    expect(answers).toEqual([true, false]);
    expect(ask).toHaveBeenCalledOnce();
  });

  it('lasts for the page where the browser has no digest and keeps nothing', async () => {
    vi.stubGlobal('crypto', {});
    const { agreement, ask } = agreementOf();
    await agreement.covers(code('print(1)'));
    expect(await agreement.covers(code('print(1)'))).toBe(true);
    expect(ask).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });
});

describe('an agreement for the sitting', () => {
  const bobs = { others: ['bob'], files: 0 };

  async function agreed(provenance = bobs) {
    const all = agreementOf({ provenance: () => Promise.resolve(provenance) });
    all.ask.mockResolvedValueOnce('sitting');
    await all.agreement.covers(code('print(1)'));
    all.ask.mockClear();
    return all;
  }

  it('covers whatever these people make', async () => {
    const { agreement, ask } = await agreed();
    expect(await agreement.covers(code('print(2)'))).toBe(true);
    expect(ask).not.toHaveBeenCalled();
  });

  it('covers nothing in another page', async () => {
    await agreed();
    const { agreement, ask } = agreementOf();
    await agreement.covers(code('print(2)'));
    expect(ask).toHaveBeenCalledOnce();
  });

  it.each([
    ['somebody else', { others: ['bob', 'carol'], files: 0 }],
    ['another file', { others: ['bob'], files: 1 }],
  ])('ends with %s', async (_, now) => {
    const provenance = vi.fn<Circumstances['provenance']>().mockResolvedValue(bobs);
    const { agreement, ask, trustSession } = agreementOf({ provenance });
    ask.mockResolvedValueOnce('sitting').mockResolvedValue('no');
    await agreement.covers(code('print(1)'));
    provenance.mockResolvedValue(now);
    expect(await agreement.covers(code('print(2)'))).toBe(false);
    expect(ask).toHaveBeenLastCalledWith(code('print(2)'), now);
    expect(trustSession.agreed).toBeUndefined();
  });

  it('ends at once when somebody else is heard of', async () => {
    const { trustSession } = await agreed();
    const changed = vi.fn();
    trustSession.addEventListener('change', changed);
    trustSession.heard('bob');
    expect(trustSession.agreed).toEqual(bobs);
    trustSession.heard('carol');
    expect(trustSession.agreed).toBeUndefined();
    expect(changed).toHaveBeenCalledOnce();
  });

  it('ends when it is ended, and the same code needs no more asking', async () => {
    const { agreement, ask, trustSession } = await agreed();
    trustSession.end();
    expect(await agreement.covers(code('print(1)'))).toBe(true);
    expect(ask).not.toHaveBeenCalled();
    await agreement.covers(code('print(2)'));
    expect(ask).toHaveBeenCalledOnce();
  });

  it('cannot do without knowing who is there now', async () => {
    const provenance = vi.fn<Circumstances['provenance']>().mockResolvedValue(bobs);
    const { agreement, ask } = agreementOf({ provenance });
    ask.mockResolvedValueOnce('sitting');
    await agreement.covers(code('print(1)'));
    provenance.mockRejectedValue(new Error('offline'));
    await expect(agreement.covers(code('print(2)'))).rejects.toThrow('offline');
  });
});

describe('the dialog', () => {
  function answer(press: string, tick = false) {
    HTMLDialogElement.prototype.showModal = vi.fn();
    const asked = askToRun(code('print(1)'), 'python', { others: ['bob', 'carol'], files: 1 });
    const dialog = document.querySelector('dialog');
    if (!dialog) throw new Error('no dialog');
    const text = dialog.textContent.replace(/\s+/g, ' ');
    if (tick) dialog.querySelector<HTMLInputElement>('[name=sitting]')?.click();
    dialog.returnValue = press;
    dialog.dispatchEvent(new Event('close'));
    return { asked, text };
  }

  it('names everybody and shows the code', () => {
    const { text } = answer('');
    expect(text).toContain('changes by bob, carol, and unknown authors of a file');
    expect(text).toContain('print(1)');
  });

  it.each([
    ['', false, 'no'],
    ['', true, 'no'],
    ['yes', false, 'once'],
    ['yes', true, 'sitting'],
  ])('pressing “%s”, trustSession %s, is “%s”', async (press, tick, expected) => {
    expect(await answer(press, tick).asked).toBe(expected);
  });
});

describe('provenance', () => {
  const client = new Client({ prefix: '/s/', xsrf: 'x' });

  function serve(items: [string, boolean][], files = 0) {
    const body = { items: items.map(([name, you]) => ({ name, you })), next: null, files };
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(JSON.stringify(body)));
  }

  const named = async (heard: string[] = []) =>
    (await provenanceOf(client, 'w', 'alice', heard)).others;

  it('are nobody’s where all is mine', async () => {
    serve([['alice', true]]);
    expect(await provenanceOf(client, 'w', 'alice', [])).toEqual({ others: [], files: 0 });
  });

  it('are all that the service knows, and files', async () => {
    serve(
      [
        ['alice', true],
        ['bob', false],
      ],
      2,
    );
    expect(await provenanceOf(client, 'w', 'alice', [])).toEqual({ others: ['bob'], files: 2 });
  });

  it('are those whose changes have come to this page, too', async () => {
    serve([['bob', false]]);
    expect(await named(['carol', 'bob'])).toEqual(['bob', 'carol']);
  });

  it('are others’ where they had my name before me', async () => {
    serve([['alice', false]]);
    expect(await named()).toEqual(['alice (account 1)']);
    serve([
      ['alice', false],
      ['alice', true],
    ]);
    expect(await named()).toEqual(['alice (account 1)']);
  });

  it('tell two of one name apart', async () => {
    serve([
      ['bob', false],
      ['bob', false],
    ]);
    expect(await named()).toEqual(['bob (account 1)', 'bob (account 2)']);
  });
});
