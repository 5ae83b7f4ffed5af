/** Names bound by Python written by hand. */
import { describe, expect, test } from 'vitest';
import { bindingsIn } from '../../../src/languages/python/handwritten';

describe('names given a value', () => {
  test.each([
    ['random = 5', 'random'],
    ['a = b = 3', 'a b'],
    ['a, (b, *c) = 1, (2, 3)', 'a b c'],
    ['[a, b] = 1, 2', 'a b'],
    ['sum += 1', 'sum'],
    ['sum //= 2; max >>= 1', 'sum max'],
    ['list: int = []', 'list'],
    ['print((max := 3) + 1)', 'max'],
    ['for math in range(3): x = 1', 'math x'],
    ['for a, b in pairs: pass', 'a b'],
    ['with open("f") as re: data = re.read()', 're data'],
    ['def print(x): return 1', 'print'],
    ['class str: pass', 'str'],
    ['async def input(): pass', 'input'],
    ['del math', 'math'],
    ['if True: math = 3', 'math'],
    ["x = 'sum = 3' # max = 4", 'x'],
    ['x = """a;sum = 3"""; y = r"\\\\"; z = 1', 'x y z'],
    ['ﬁ = 1', 'fi'],
  ])('%s', (line, names) => {
    expect(bindingsIn(line).names).toEqual(names.split(' '));
  });

  test.each([
    'print(math.pi, end="")',
    'math.pi = 3',
    'things[0] = 4',
    'a.b, c[1] = 1, 2',
    'sum(list) == max <= 3 != 4 >= 5',
    '{"a": max}',
    '# random = 5',
    '',
    '"unended = 1',
    ')))',
    '=',
  ])('none in %s', (line) => {
    expect(bindingsIn(line).names).toEqual([]);
  });
});

describe('imports', () => {
  test.each([
    ['import math', ['math: import math']],
    ['import os.path, random as r', ['os: import os', 'r: import random as r']],
    ['import random as random', ['random: import random']],
    ['from random import random', ['random: from random import random']],
    ['from a.b import (c as d, e)', ['d: from a.b import c as d', 'e: from a.b import e']],
    ['x = 1; from math import pi', ['pi: from math import pi']],
    ['from . import math', ['math: from . import math']],
  ])('%s', (line, imports) => {
    expect(bindingsIn(line).imports.map(({ name, statement }) => `${name}: ${statement}`)).toEqual(
      imports,
    );
  });

  test('of all names there are', () => {
    expect(bindingsIn('from os.path import *')).toEqual({
      names: [],
      imports: [],
      stars: ['os.path'],
    });
  });
});

test('a line of any signs is read, and a long one soon', () => {
  for (const part of [
    '.',
    '"',
    "'''",
    '(',
    'a=',
    '1',
    'r',
    '\\',
    '= ',
    'import ',
    'from a import ',
  ])
    expect(bindingsIn(part.repeat(20_000)).stars).toEqual([]);
});
