// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunIndicator } from '../../src/pages/runIndicator';
import type { Outcome } from '../../src/run/outcome';
import type { Runner } from '../../src/run/runner';

class FakeRunner extends EventTarget {
  isRunning = false;
  outputs = { produced: true };

  begin(): void {
    this.isRunning = true;
    this.dispatchEvent(new Event('change'));
  }

  end(outcome: Partial<Outcome> & { kind: Outcome['kind'] }): void {
    this.isRunning = false;
    this.dispatchEvent(new CustomEvent('finished', { detail: { seconds: 1, ...outcome } }));
  }
}

function setHidden(hidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

let runner: FakeRunner;
let isOutputSeen: boolean;
const notes = () => [...document.querySelectorAll('.toast span')].map((one) => one.textContent);

beforeEach(() => {
  document.body.replaceChildren();
  runner = new FakeRunner();
  isOutputSeen = true;
  new RunIndicator(runner as unknown as Runner, () => isOutputSeen).title = 'Sums';
});

afterEach(() => {
  setHidden(false);
  vi.restoreAllMocks();
});

describe('the title of the window', () => {
  it('says that a program runs, and is as before when somebody has seen it end', () => {
    runner.begin();
    expect(document.title).toBe('▶ Sums');
    runner.end({ kind: 'finished' });
    expect(document.title).toBe('Sums');
  });

  it.each([
    ['finished', '✓ Sums'],
    ['failed', '✗ Sums'],
    ['stopped', '■ Sums'],
  ] as const)('says how it %s until somebody comes back', (kind, title) => {
    runner.begin();
    setHidden(true);
    runner.end({ kind, name: '', value: '' });
    expect(document.title).toBe(title);
    setHidden(false);
    expect(document.title).toBe('Sums');
  });
});

describe('a note', () => {
  it('tells the end of a long run to somebody who does not see the output', () => {
    isOutputSeen = false;
    runner.end({ kind: 'finished', seconds: 12 });
    expect(notes()).toEqual(['Finished after 12s']);
  });

  it('waits for somebody who is in another window', () => {
    isOutputSeen = false;
    setHidden(true);
    runner.end({ kind: 'finished', seconds: 75 });
    expect(notes()).toEqual([]);
    setHidden(false);
    expect(notes()).toEqual(['Finished after 1m 15s']);
  });

  it('is not made of a short run, nor where the output is seen', () => {
    runner.end({ kind: 'finished', seconds: 12 });
    isOutputSeen = false;
    runner.end({ kind: 'finished', seconds: 9 });
    expect(notes()).toEqual([]);
  });
});
