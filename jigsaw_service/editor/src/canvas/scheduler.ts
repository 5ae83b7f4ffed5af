/** Scheduler: long work in short turns, so that the page goes on answering. */

/** Milliseconds of work before the page gets its turn. */
const TURN = 8;

/** The page is about to draw what it has to. */
export const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** The page has drawn what it had to. */
export const painted = () =>
  new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** Does what can wait until the page has nothing else to do; Safari doesn't say when that is. */
export function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work);
  else setTimeout(work, 1000);
}

/** Does all the steps; rejects with the signal's reason once it is aborted. */
export async function runInSlices(steps: Iterator<unknown>, signal?: AbortSignal): Promise<void> {
  let began = performance.now();
  while (!steps.next().done) {
    if (performance.now() - began < TURN) continue;
    await nextFrame();
    signal?.throwIfAborted();
    began = performance.now();
  }
  signal?.throwIfAborted();
}
