/** The service's validator and reducer, in one process of Python for a whole test. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Patch } from '../src/document/records';

const TOP = join(import.meta.dirname, '../../..');
const OWN = join(TOP, '.venv/bin/python');

export interface Judgement {
  /** Why the document isn't kept; then nothing else is said. */
  refused?: string;
  /** The one serialisation of the document, and of what comes of the batches. */
  written: string;
  end: string;
  /** Of each batch; null where it was refused. */
  patches: (Patch | null)[];
}

/** Asks in turn; `end` lets the process go. */
export class Service {
  readonly #process = spawn(existsSync(OWN) ? OWN : 'python3', ['-m', 'tests.vectors.judge'], {
    cwd: TOP,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  readonly #lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();

  judge(xml: string, batches: readonly unknown[] = []): Promise<Judgement> {
    return this.#ask({ xml, batches }) as Promise<Judgement>;
  }

  /** The workspace in Blockly's JSON. */
  async toJson(xml: string): Promise<string> {
    return ((await this.#ask({ xml })) as { json: string }).json;
  }

  async toXml(json: string): Promise<string> {
    return ((await this.#ask({ json })) as { xml: string }).xml;
  }

  async #ask(question: object): Promise<unknown> {
    this.#process.stdin.write(`${JSON.stringify(question)}\n`);
    const line = (await this.#lines.next()) as IteratorResult<string, undefined>;
    if (line.done) throw new Error('The service has ended.');
    return JSON.parse(line.value);
  }

  end(): void {
    this.#process.stdin.end();
  }
}
