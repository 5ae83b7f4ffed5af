// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PresenceReport, Room, type Person, type Wire } from '../../src/live/room';
import { initials } from '../../src/presence/peopleList';
import { inNotebookForm, outputsFrom, Presenting } from '../../src/run/presenting';
import { Outputs } from '../../src/run/outputs';

class FakeWire extends EventTarget implements Wire {
  connection = 'mine';
  sendPresence = vi.fn();
  shareOutputs = vi.fn();

  say(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  gather(...people: [connection: string, user: string][]): void {
    this.say('people', {
      people: people.map(([connection, user]): Person => ({ connection, user, role: 'editor' })),
    });
  }
}

let wire: FakeWire;
let room: Room;

beforeEach(() => {
  vi.useFakeTimers();
  wire = new FakeWire();
  room = new Room(wire, 'alice');
  wire.gather(['mine', 'alice'], ['b1', 'bob'], ['b2', 'bob']);
});

afterEach(() => vi.useRealTimers());

test('somebody with two tabs is one person', () => {
  expect(room.members.map(({ user }) => user)).toEqual(['alice', 'bob']);
  expect(room.others.map(({ user }) => user)).toEqual(['bob']);
});

test('no two of a few people have the same colour, and everybody keeps theirs', () => {
  const colour = room.memberOf('b1')?.colour;
  wire.gather(['mine', 'alice'], ['c', 'carol'], ['d', 'dave'], ['b1', 'bob']);
  expect(new Set(room.members.map(({ colour }) => colour)).size).toBe(4);
  expect(room.memberOf('b1')?.colour).toBe(colour);
});

test('who comes and who leaves is told, but not who was here before me', () => {
  const told: string[] = [];
  for (const news of ['came', 'left'])
    room.addEventListener(news, (event) =>
      told.push(`${news} ${(event as CustomEvent<string>).detail}`),
    );
  wire.gather(['mine', 'alice'], ['c', 'carol']);
  expect(told).toEqual(['came carol', 'left bob']);
});

test('others have places; my own tab and those who left have none', () => {
  for (const connection of ['mine', 'b1', 'b2'])
    wire.say('presence', { connection, selection: 'x', pointer: null, field: null });
  expect([...room.places()].map(({ connection }) => connection)).toEqual(['b1', 'b2']);
  wire.gather(['mine', 'alice'], ['b2', 'bob']);
  expect([...room.places()].map(({ connection }) => connection)).toEqual(['b2']);
});

test('what somebody shows ends when they leave', () => {
  wire.say('shown', { connection: 'b1', outputs: [] });
  expect([...room.shown.keys()]).toEqual(['b1']);
  wire.gather(['mine', 'alice']);
  expect(room.shown.size).toBe(0);
});

test('a moving pointer is told fewer than ten times a second, and its last place always', () => {
  const report = new PresenceReport(wire);
  for (let x = 0; x < 100; x++) {
    report.change({ pointer: [x, 0] });
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(1000);
  expect(wire.sendPresence.mock.calls.length).toBeLessThanOrEqual(10);
  expect(wire.sendPresence).toHaveBeenLastCalledWith(expect.objectContaining({ pointer: [99, 0] }));
});

test('outputs arrive with the others as they were', () => {
  const outputs = new Outputs();
  const messages = [
    { msg_type: 'stream', content: { name: 'stderr', text: 'careful\n' } },
    { msg_type: 'display_data', content: { data: { 'text/plain': '1' }, metadata: {} } },
    { msg_type: 'error', content: { ename: 'E', evalue: 'v', traceback: ['a', 'b'] } },
  ];
  for (const { msg_type, content } of messages) outputs.take({ header: { msg_type }, content });
  const shown: unknown = JSON.parse(JSON.stringify(outputs.items.map(inNotebookForm)));
  expect(outputsFrom(shown as unknown[]).items).toEqual(outputs.items);
});

test('what is no output is left out', () => {
  expect(outputsFrom([null, 7, { output_type: 'clear_output' }, {}]).items).toEqual([]);
});

test('output is shown while it changes, until I stop', () => {
  const outputs = new Outputs();
  const presenting = new Presenting(outputs, wire.shareOutputs);
  const print = (text: string) =>
    outputs.take({ header: { msg_type: 'stream' }, content: { name: 'stdout', text } });
  presenting.start();
  print('one\n');
  vi.advanceTimersByTime(600);
  expect(wire.shareOutputs).toHaveBeenLastCalledWith([expect.objectContaining({ text: 'one\n' })]);
  presenting.stop();
  print('two\n');
  vi.advanceTimersByTime(600);
  expect(wire.shareOutputs).toHaveBeenLastCalledWith(null);
});

test.each([
  ['Ada Lovelace', 'AL'],
  ['alice', 'AL'],
  ['b', 'B'],
  ['zoë.müller@example.org', 'ZM'],
  ['', '?'],
])('the initials of “%s” are %s', (name, expected) => {
  expect(initials(name)).toBe(expected);
});
