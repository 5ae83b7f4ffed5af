/** Two or more canvases without a page, connected by a service that answers when told to. */
import * as Blockly from 'blockly/core';
import { vi } from 'vitest';
import { Loader, readDocument } from '../../src/canvas/loader';
import { headlessWorkspace } from '../../src/canvas/headless';
import { Program } from '../../src/canvas/program';
import { writeXml } from '../../src/document/xml';
import type { Language } from '../../src/languages';
import { LiveClient, type UnsentStore } from '../../src/live/liveClient';
import { EPOCH, VirtualService } from './virtualService';
import { readRecords } from '../../src/document/xml';
import { parseWorkspace } from '../../src/xml/strictXml';

const NOWHERE: UnsentStore = {
  put: () => undefined,
  delete: () => undefined,
  clear: () => undefined,
};

export class Someone {
  readonly workspace = headlessWorkspace();
  readonly program: Program;
  readonly live: LiveClient;
  readonly interrupted: string[] = [];
  readonly events: [string, unknown][] = [];
  signedOut = 0;
  online = true;

  constructor(
    readonly name: string,
    service: VirtualService,
    knownTypes: ReadonlySet<string>,
    keeper = NOWHERE,
  ) {
    const document = readDocument(writeXml(service.records), knownTypes);
    new Loader(this.workspace).fillAtOnce(document);
    this.program = new Program(document, {
      workspace: this.workspace,
      knownTypes,
      mayEdit: () => this.live.role !== 'viewer',
      interrupted: (text) => this.interrupted.push(text),
    });
    this.live = new LiveClient({
      replica: this.program.replica,
      connect: service.connectFor(name, () => this.online),
      client: name.padEnd(32, '-'),
      epoch: EPOCH,
      clock: service.clock,
      unsentStore: keeper,
      signedOut: () => this.signedOut++,
    });
    for (const type of ['aside', 'dropped', 'ended', 'role', 'news'])
      this.live.addEventListener(type, (event) =>
        this.events.push([type, (event as CustomEvent<unknown>).detail]),
      );
    this.live.open();
  }

  block(id: string): Blockly.Block {
    const block = this.workspace.getBlockById(id);
    if (!block) throw new Error(`${this.name} has no block ${id}.`);
    return block;
  }

  has(id: string): boolean {
    return this.workspace.getBlockById(id) !== null;
  }

  /** Does something as one action. */
  act(work: () => void): void {
    Blockly.Events.setGroup(true);
    work();
    Blockly.Events.setGroup(false);
  }

  put(xml: string): void {
    this.act(() => Blockly.Xml.domToBlock(Blockly.utils.xml.textToDom(xml), this.workspace));
  }

  join(child: string, parent: string, input?: string): void {
    const block = this.block(child);
    const joint = block.outputConnection ?? block.previousConnection;
    const holder =
      input === undefined
        ? this.block(parent).nextConnection
        : this.block(parent).getInput(input)?.connection;
    this.act(() => {
      block.unplug(false);
      if (joint) holder?.connect(joint);
    });
  }

  /** Everything as this person's canvas has it. */
  get xml(): string {
    return this.program.xml();
  }
}

export function serviceOf(xml: string): VirtualService {
  return new VirtualService(readRecords(parseWorkspace(xml)).toJson(), { delay: () => 30 });
}

export const typesWithout = (language: Language, ...lacking: string[]) =>
  new Set([...language.types].filter((type) => !lacking.includes(type)));

/** Ends what they have begun, and gives the clock back: Blockly's queue of events is everybody's. */
export async function part(...people: Someone[]): Promise<void> {
  for (const { live, program, workspace } of people) {
    live.close();
    program.dispose();
    workspace.dispose();
  }
  await vi.advanceTimersByTimeAsync(1000);
  vi.useRealTimers();
}
