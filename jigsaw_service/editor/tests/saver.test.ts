// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '../src/api/problem';
import type { Workspace } from '../src/api/types';
import {
  epochOf,
  type Draft,
  type DraftKey,
  type Drafts,
  type LeftDraft,
} from '../src/save/drafts';
import { WorkspaceSaver, type Conflict } from '../src/save/workspaceSaver';

class MemoryDrafts implements Drafts {
  readonly kept = new Map<string, Draft>();

  keep(key: DraftKey, draft: Draft): Promise<void> {
    this.kept.set(JSON.stringify(key), draft);
    return Promise.resolve();
  }

  forget(key: DraftKey): Promise<void> {
    this.kept.delete(JSON.stringify(key));
    return Promise.resolve();
  }

  left(): Promise<LeftDraft[]> {
    return Promise.resolve([]);
  }
}

/** A service with one workspace, which can be made to fail or to lose its answer. */
class Service {
  clock = 1;
  head = '<xml/>';
  received: string[] = [];
  copies: string[] = [];
  trouble: ApiProblem | undefined;
  losesAnswer = false;

  get etag(): string {
    return `"e1-${this.clock}"`;
  }

  write = ({ xml, etag }: { xml: string; etag: string }) => {
    this.received.push(xml);
    if (this.trouble) return Promise.reject(this.trouble);
    if (etag !== this.etag && xml !== this.head)
      return Promise.reject(problem('workspace-changed', 412));
    if (etag === this.etag) {
      this.clock += 1;
      this.head = xml;
    }
    if (this.losesAnswer) return Promise.reject(problem('offline', 0));
    return Promise.resolve({ revision: 1, clock: this.clock, etag: this.etag });
  };

  copyMine = (xml: string) => {
    this.copies.push(xml);
    return Promise.resolve({ id: 'copy' } as Workspace);
  };
}

function problem(slug: string, status: number): ApiProblem {
  return new ApiProblem(slug, slug, status, '', { changed_by: 'bob' });
}

function openTab() {
  const service = new Service();
  const drafts = new MemoryDrafts();
  const canvas = { xml: '<xml/>' };
  const key = { hub: '/hub/', user: 'alice', workspace: 'w1', sitting: 's1' };
  const { write, copyMine } = service;
  const saver = new WorkspaceSaver(
    { key, drafts, read: () => canvas.xml, write, copyMine },
    service.etag,
  );
  const draw = (xml: string) => {
    canvas.xml = xml;
    saver.changed();
  };
  return { service, drafts, saver, draw };
}

describe('a workspace saver', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('saves within two seconds, however busily somebody draws', async () => {
    const { service, draw } = openTab();

    for (let i = 0; i < 19; i += 1) {
      draw(`<xml>${i}</xml>`);
      await vi.advanceTimersByTimeAsync(100);
    }

    expect(service.received.length).toBeGreaterThan(0);
  });

  it('says saved only when exactly what is on the canvas was acknowledged', async () => {
    const { service, saver, draw } = openTab();
    const states: string[] = [];
    saver.addEventListener('state', () => states.push(`${saver.state} ${service.head}`));

    draw('<a/>');
    await vi.advanceTimersByTimeAsync(3000);

    expect(states).toEqual(['saving <xml/>', 'saved <a/>']);
  });

  it('keeps work in the browser until it was acknowledged', async () => {
    const { service, drafts, draw } = openTab();
    service.trouble = problem('offline', 0);

    draw('<a/>');
    await vi.advanceTimersByTimeAsync(3000);
    const whileOffline = [...drafts.kept.values()].map((draft) => draft.xml);
    service.trouble = undefined;
    await vi.advanceTimersByTimeAsync(60_000);

    expect(whileOffline).toEqual(['<a/>']);
    expect(drafts.kept.size).toBe(0);
    expect(service.head).toBe('<a/>');
  });

  it('sends a save whose answer was lost again unchanged, and then what came after', async () => {
    const { service, saver, draw } = openTab();
    service.losesAnswer = true;
    draw('<a/>');
    await vi.advanceTimersByTimeAsync(800);
    draw('<b/>');
    service.losesAnswer = false;
    await vi.advanceTimersByTimeAsync(10_000);

    expect(service.received).toEqual(['<a/>', '<a/>', '<b/>']);
    expect(service.copies).toEqual([]);
    expect(saver.state).toBe('saved');
  });

  it('makes a copy of mine when somebody else saved first', async () => {
    const { service, saver, draw } = openTab();
    const conflicts: Conflict[] = [];
    saver.addEventListener('conflict', (event) =>
      conflicts.push((event as CustomEvent<Conflict>).detail),
    );
    service.clock = 5;
    service.head = '<theirs/>';

    draw('<mine/>');
    await vi.advanceTimersByTimeAsync(3000);

    expect(service.head).toBe('<theirs/>');
    expect(service.copies).toEqual(['<mine/>']);
    expect(conflicts).toMatchObject([{ changedBy: 'bob', copy: { id: 'copy' } }]);
    expect(saver.state).toBe('conflict');
  });

  it('does not try again what the service will not take', async () => {
    const { service, drafts, saver, draw } = openTab();
    service.trouble = problem('invalid-workspace', 422);

    draw('<a/>');
    await vi.advanceTimersByTimeAsync(120_000);

    expect(service.received).toEqual(['<a/>']);
    expect(saver.state).toBe('refused');
    expect(drafts.kept.size).toBe(1);
  });

  it('waits for a new sign-in without giving up', async () => {
    const { service, saver, draw } = openTab();
    service.trouble = problem('not-signed-in', 401);
    draw('<a/>');
    await vi.advanceTimersByTimeAsync(5000);

    service.trouble = undefined;
    await saver.saveNow();

    expect(saver.state).toBe('saved');
  });
});

it('tells the epoch from a tag', () => {
  expect(epochOf('"k3v9x2m4-17"')).toBe('k3v9x2m4');
  expect(epochOf('"k3v9x2m4.17"')).toBe('k3v9x2m4');
});
