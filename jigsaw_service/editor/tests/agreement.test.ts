// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from '../src/api/client';
import { Agreement, othersIn, type Circumstances } from '../src/run/agreement';

function agreementOf(about: Partial<Circumstances> = {}) {
  const ask = vi.fn<Circumstances['ask']>().mockResolvedValue(true);
  const others = vi.fn<Circumstances['others']>().mockResolvedValue(['bob']);
  const all = { hub: '/hub/', user: 'alice', workspace: 'w', others, ask, ...about };
  return { agreement: new Agreement(all), ask, others };
}

beforeEach(() => {
  localStorage.clear();
});

describe('an agreement', () => {
  it('is not needed for what is all one’s own', async () => {
    const { agreement, ask } = agreementOf({ others: () => Promise.resolve([]) });
    expect(await agreement.covers('print(1)')).toBe(true);
    expect(ask).not.toHaveBeenCalled();
  });

  it('is asked for with the code and with who changed it', async () => {
    const { agreement, ask } = agreementOf();
    expect(await agreement.covers('print(1)')).toBe(true);
    expect(ask).toHaveBeenCalledExactlyOnceWith('print(1)', ['bob']);
  });

  it('covers the same code from then on, in another tab, too', async () => {
    await agreementOf().agreement.covers('print(1)');
    const { agreement, ask } = agreementOf();
    expect(await agreement.covers('print(1)')).toBe(true);
    expect(ask).not.toHaveBeenCalled();
  });

  it.each([
    ['other code', 'print(2)', {}],
    ['another person', 'print(1)', { user: 'carol' }],
    ['another workspace', 'print(1)', { workspace: 'v' }],
    ['another Hub', 'print(1)', { hub: '/other/' }],
  ])('does not cover %s', async (_, code, about) => {
    await agreementOf().agreement.covers('print(1)');
    const { agreement, ask } = agreementOf(about);
    await agreement.covers(code);
    expect(ask).toHaveBeenCalledOnce();
  });

  it('can be refused, and is asked for again then', async () => {
    const { agreement, ask } = agreementOf({});
    ask.mockResolvedValueOnce(false);
    expect(await agreement.covers('print(1)')).toBe(false);
    expect(await agreement.covers('print(1)')).toBe(true);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('cannot be given where it cannot be told whose the changes are', async () => {
    const { agreement, ask } = agreementOf({ others: () => Promise.reject(new Error('offline')) });
    await expect(agreement.covers('print(1)')).rejects.toThrow('offline');
    expect(ask).not.toHaveBeenCalled();
  });

  it('is asked for once, however often Run is pressed meanwhile', async () => {
    const { agreement, ask } = agreementOf();
    const answers = await Promise.all([agreement.covers('print(1)'), agreement.covers('print(1)')]);
    expect(answers).toEqual([true, false]);
    expect(ask).toHaveBeenCalledOnce();
  });

  it('lasts for the page where the browser has no digest and keeps nothing', async () => {
    vi.stubGlobal('crypto', {});
    const { agreement, ask } = agreementOf();
    await agreement.covers('print(1)');
    expect(await agreement.covers('print(1)')).toBe(true);
    expect(ask).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });
});

describe('others', () => {
  const answer = (body: unknown) => Promise.resolve(new Response(JSON.stringify(body)));
  const client = new Client({ prefix: '/s/', xsrf: 'x' });

  function serve(workspace: object, ...pages: string[][]) {
    const items = (authors: string[]) => [{ authors }];
    const next = (index: number) => (index < pages.length - 1 ? `/s/page?${index + 1}` : null);
    vi.spyOn(globalThis, 'fetch').mockImplementation((url) => {
      const address = url as string;
      if (address.endsWith('api/workspaces/w')) return answer(workspace);
      const index = Number(/page\?(\d)/.exec(address)?.[1] ?? 0);
      return answer({ items: items(pages[index] ?? []), next: next(index) });
    });
  }

  it('are none where all is mine', async () => {
    serve({ owner: 'alice', modified_by: 'alice' }, ['alice']);
    expect(await othersIn(client, 'w', 'alice')).toEqual([]);
  });

  it('are the owner, who changed it last, and everybody in its history', async () => {
    serve({ owner: 'teacher', modified_by: 'bob' }, ['alice'], ['alice', 'carol']);
    expect(await othersIn(client, 'w', 'alice')).toEqual(['bob', 'carol', 'teacher']);
  });
});
