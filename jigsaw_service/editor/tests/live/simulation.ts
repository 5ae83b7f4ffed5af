/** Several people at one workspace over a bad network, in simulated time. */
import * as Blockly from 'blockly/core';
import { vi } from 'vitest';
import { Loader, readDocument } from '../../src/canvas/loader';
import { headlessWorkspace } from '../../src/canvas/headless';
import { hear } from '../../src/canvas/listener';
import { PLACEHOLDER } from '../../src/languages/common/unknownBlock';
import { Program } from '../../src/canvas/program';
import { writeBlock, writeComment } from '../../src/canvas/serialize';
import type { Language } from '../../src/languages';
import { LiveClient } from '../../src/live/liveClient';
import { same, type BlockRecord, type Keys, type Records } from '../../src/document/records';
import { writeXml } from '../../src/document/xml';
import { documentOf } from '../canvas/open';
import { chanceOf, Editing, type Chance } from './randomEdits';
import { EPOCH, VirtualService, type Line } from './virtualService';

export interface Options {
  seed: number;
  edits: number;
  /** Few blocks and mostly moves, so that people meet often. */
  hot: boolean;
}

class Person {
  readonly workspace = headlessWorkspace();
  readonly program: Program;
  readonly live: LiveClient;
  readonly hands: Editing;
  online = true;

  constructor(
    readonly name: string,
    service: VirtualService,
    language: Language,
    chance: Chance,
    readonly lacks: ReadonlySet<string>,
  ) {
    const known = new Set([...language.types].filter((type) => !lacks.has(type)));
    const document = readDocument(writeXml(service.records), known);
    new Loader(this.workspace).fillAtOnce(document);
    this.program = new Program(document, {
      workspace: this.workspace,
      knownTypes: known,
      mayEdit: () => true,
    });
    this.hands = new Editing(this.workspace, chance);
    this.live = new LiveClient({
      replica: this.program.replica,
      connect: service.connectFor(name, () => this.online),
      client: `client-${name}`.padEnd(32, '-'),
      epoch: EPOCH,
      clock: service.clock,
      unsentStore: { put: () => undefined, delete: () => undefined, clear: () => undefined },
      signedOut: () => undefined,
    });
    this.live.open();
  }

  get ids(): Set<string> {
    const owned = this.workspace.getAllBlocks(false).filter((block) => !block.isShadow());
    return new Set([...owned, ...this.workspace.getTopComments()].map(({ id }) => id));
  }
}

export class Simulation {
  readonly #options: Options;

  readonly service: VirtualService;
  readonly people: Person[];
  readonly trace: string[] = [];
  /** Blocks that somebody deleted, or might have by undoing. */
  readonly #deleted = new Set<string>();
  readonly #everSeen = new Set<string>();
  /** Blocks that came with a file, which may have spelled them otherwise than Blockly does. */
  readonly #filed: ReadonlySet<string>;
  readonly #chance: Chance;

  constructor(options: Options, language: Language, xml = documentOf()) {
    this.#options = options;

    this.#chance = chanceOf(options.seed);
    const first = readDocument(xml, language.types);
    const chance = this.#chance;
    const delay = () => Math.round(-Math.log(1 - chance()) * 150);
    this.service = new VirtualService(
      new Program(first, {
        workspace: headlessWorkspace(),
        knownTypes: language.types,
        mayEdit: () => false,
      }).replica.records.toJson(),
      { delay },
    );
    this.#filed = new Set(this.service.records.blocks.keys());
    const count = 2 + Math.floor(chance() * 4);
    this.people = Array.from({ length: count }, (_, i) => {
      const lacks = new Set(i === 0 ? ['controls_repeat_ext', 'text_join'] : []);
      const person = new Person(`p${i}`, this.service, language, chance, lacks);
      hear(person.workspace, (event) => {
        if (event instanceof Blockly.Events.BlockDelete && !event.group.startsWith('remote:'))
          for (const id of event.ids ?? []) this.#deleted.add(id);
      });
      return person;
    });
  }

  async run(): Promise<void> {
    for (let i = 0; i < this.#options.edits; i++) {
      this.#weather();
      const person = this.people[Math.floor(this.#chance() * this.people.length)];
      if (person) this.#step(person);
      for (const id of this.service.records.blocks.keys()) this.#everSeen.add(id);
      await vi.advanceTimersByTimeAsync(
        Math.floor(this.#chance() * (this.#options.hot ? 60 : 250)),
      );
    }
    await this.#calm();
  }

  #step(person: Person): void {
    const before = person.ids;
    let name = 'undo';
    const dice = this.#chance();
    if (dice < 0.06) person.program.takeBack(false);
    else if (dice < 0.08) person.program.takeBack(true);
    else name = person.hands.act();
    const now = person.ids;
    for (const id of before) if (!now.has(id)) this.#deleted.add(id);
    this.trace.push(`${person.name} ${name}`);
  }

  /** Connections break, and people go offline for a while. */
  #weather(): void {
    if (this.#chance() < 0.03) this.#lineOf(this.#chance())?.cut();
    if (this.#chance() > 0.02) return;
    const person = this.people[Math.floor(this.#chance() * this.people.length)];
    if (!person?.online) return;
    this.trace.push(`${person.name} offline`);
    person.online = false;
    for (const line of this.service.lines) if (line.user === person.name) line.cut();
    setTimeout(
      () => {
        person.online = true;
        person.live.resume();
      },
      500 + this.#chance() * 8000,
    );
  }

  #lineOf(dice: number): Line | undefined {
    const lines = [...this.service.lines];
    return lines[Math.floor(dice * lines.length)];
  }

  async #calm(): Promise<void> {
    for (let i = 0; i < 40; i++) {
      await vi.advanceTimersByTimeAsync(5000);
      if (i > 2 && this.people.every(({ live }) => !live.hasUnsavedWork && live.connection)) return;
    }
  }

  /** What is wrong; empty when all is well. */
  faults(): string[] {
    const faults: string[] = [];
    const { records } = this.service;
    for (const id of this.#everSeen)
      if (!records.blocks.has(id) && !this.#deleted.has(id))
        faults.push(`L4: nobody deleted ${id}, and it is gone`);
    for (const person of this.people) {
      const say = (fault: string) => faults.push(`${person.name}: ${fault}`);
      if (person.live.hasUnsavedWork) say('something is pending');
      if (person.live.clock !== this.service.clock) say('is behind');
      differences(records, person.program.replica.records).forEach(say);
      canvasFaults(person, this.#filed).forEach(say);
    }
    return faults;
  }

  /** Blockly's queue of events is the page's: nothing may be left in it for the next simulation. */
  async dispose(): Promise<void> {
    for (const { live, program, workspace } of this.people) {
      live.close();
      program.dispose();
      workspace.dispose();
    }
    await vi.advanceTimersByTimeAsync(100);
  }
}

const withoutShape = (record: BlockRecord) => ({ ...record, s: undefined });

function differences(server: Records, client: Records): string[] {
  const found: string[] = [];
  for (const id of new Set([...server.blocks.keys(), ...client.blocks.keys()])) {
    const [one, other] = [server.blocks.get(id), client.blocks.get(id)];
    if (!one || !other) found.push(`L3: ${id} is ${one ? 'missing' : 'too much'}`);
    else if (!same(withoutShape(one), withoutShape(other)))
      found.push(`L3: ${id} ${JSON.stringify(one)} ≠ ${JSON.stringify(other)}`);
  }
  if (!same(Object.fromEntries(server.vars), Object.fromEntries(client.vars)))
    found.push(
      `L3: variables ${JSON.stringify([...server.vars])} ≠ ${JSON.stringify([...client.vars])}`,
    );
  return found;
}

/** Whether the canvas shows what the records say. */
function canvasFaults(
  { workspace, program, ids, lacks }: Person,
  filed: ReadonlySet<string>,
): string[] {
  const found: string[] = [];
  const { records } = program.replica;
  for (const id of records.blocks.keys()) if (!ids.has(id)) found.push(`canvas lacks ${id}`);
  for (const id of ids) {
    const record = records.blocks.get(id);
    const block = workspace.getBlockById(id);
    const comment = workspace.getCommentById(id);
    const written = block ? writeBlock(block) : comment ? writeComment(comment) : {};
    if (!record) found.push(`canvas has ${id}`);
    else if (filed.has(id)) found.push(...placeFaults(id, record, written));
    else if (block?.type === PLACEHOLDER && !lacks.has(record.t))
      found.push(`${record.t} ${id} is shown as a placeholder`);
    else found.push(...keyFaults(id, record, written));
  }
  const names = new Map(
    workspace
      .getVariableMap()
      .getAllVariables()
      .map((one) => [one.getId(), one.getName()]),
  );
  for (const [id, { name }] of records.vars)
    if (names.get(id) !== name) found.push(`variable ${id}: ${name} ≠ ${String(names.get(id))}`);
  for (const id of names.keys())
    if (!records.vars.has(id) && filed.size === 0) found.push(`canvas has the variable ${id}`);
  return found;
}

function placeFaults(id: string, { at }: BlockRecord, written: Keys): string[] {
  const now = written['at'];
  if (at[0] === null || at[1] === null || same(at, now)) return [];
  return [`${id} at ${JSON.stringify(at)} ≠ ${JSON.stringify(now)}`];
}

function keyFaults(id: string, record: Keys, written: Keys): string[] {
  const found: string[] = [];
  for (const key of new Set([...Object.keys(record), ...Object.keys(written)])) {
    if (key === 's' || /^(sn$|s[hs]:)/.test(key)) continue;
    if (!same(meaning(record[key]), meaning(written[key])))
      found.push(
        `${id} ${String(record['t'])} ${key}: ${JSON.stringify(record[key])} ≠ ${JSON.stringify(written[key])}`,
      );
  }
  return found;
}

/** A parameter is told by the id of its variable; the name beside it may be an old one. */
const meaning = (value: unknown) =>
  typeof value === 'string' ? value.replace(/<arg name="[^"]*" varid=/g, '<arg varid=') : value;
