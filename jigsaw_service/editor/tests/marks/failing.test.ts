// @vitest-environment jsdom
/** Programs that fail on a real kernel: which block is told, and what is said of it. */
import { beforeAll, expect, test } from 'vitest';
import { explainIn } from '../../src/languages/python/errors';
import { locate } from '../../src/marks/locate';
import { placeAnswer, placeQuestion } from '../../src/run/errorPlace';
import { makeSourceMap } from '../../src/sourcemap/makeSourceMap';
import type { SourceMap } from '../../src/sourcemap/sourceMap';
import { documentOf, open, prepare } from '../canvas/open';
import { FAILING } from './failing';
import { askedAfter, type Told } from './kernel';

const maps = new Map<string, SourceMap>();
const told = new Map<string, Told>();

beforeAll(async () => {
  const python = await prepare('python');
  for (const [title, { xml }] of Object.entries(FAILING)) {
    const { workspace } = open(documentOf(xml), python);
    const code = python.generate(workspace);
    maps.set(
      title,
      makeSourceMap(code, (mark) => python.generate(workspace, mark)),
    );
  }
  const asked = [...maps.values()].map(({ code }) => [code, placeQuestion(code)] as const);
  askedAfter(asked).forEach((one, i) => told.set([...maps.keys()][i] ?? '', one));
}, 600_000);

test.each(Object.keys(FAILING))('%s', async (title) => {
  const { words, callers = [] } = FAILING[title] ?? { words: /never/ };
  const map = maps.get(title);
  const { answer, name, value, traceless } = told.get(title) ?? {};
  const place = placeAnswer(answer);
  const found = place && map && locate(place, map);

  expect(found, map?.code).toEqual({ block: 'here', callers });
  expect(place?.name).toBe(name);
  expect(traceless).toBe(true);
  const explain = await explainIn('en');
  expect(
    explain({ name: name ?? '', value: value ?? '', names: place?.names ?? [] }) ?? '',
  ).toMatch(words);
});

test('asking runs nothing of the program’s, however it sets traps', () => {
  const program = `
import builtins
def trap(*_, **__):
    print('trapped')
class Kind(type):
    __instancecheck__ = __subclasscheck__ = __repr__ = __getattribute__ = trap
class Trap(Exception):
    __repr__ = __str__ = __len__ = __dir__ = __bool__ = __eq__ = __hash__ = trap
    __getattribute__ = __getattr__ = trap
class Other(AttributeError, metaclass=Kind):
    def __getattribute__(self, name):
        print('trapped')
        return object.__getattribute__(self, name)
class Plain:
    __repr__ = __str__ = __len__ = __dir__ = __bool__ = trap
def exec(*_): trap()
def getattr(*_): trap()
def sorted(*_): trap()
`;
  const ends = ['raise Trap()', 'raise Other()', 'Plain().nothing', 'raise NameError(Trap())'];
  const asked = ends.map((end) => {
    const whole = `${program.trim()}\n${end}\n`;
    return [whole, placeQuestion(whole)] as const;
  });
  const answers = askedAfter(asked);

  expect(answers.map(({ quiet }) => quiet)).toEqual(ends.map(() => true));
  expect(placeAnswer(answers[1]?.answer)?.name).toBe('Other');
}, 600_000);
