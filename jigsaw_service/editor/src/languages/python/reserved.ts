/** Names a program's variables and functions do not get: keywords, and what everybody relies on. */

const KEYWORDS =
  'False None True and as assert async await break class continue def del elif else except finally ' +
  'for from global if import in is lambda nonlocal not or pass raise return try while with yield';

const BUILTINS =
  'abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile ' +
  'complex delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals ' +
  'hasattr hash help hex id input int isinstance issubclass iter len list locals map max memoryview min ' +
  'next object oct open ord pow print property quit range repr reversed round set setattr slice sorted ' +
  'staticmethod str sum super tuple type vars zip Ellipsis NotImplemented ' +
  'ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup EOFError Exception ' +
  'ExceptionGroup FileNotFoundError ImportError IndexError KeyError KeyboardInterrupt LookupError ' +
  'MemoryError ModuleNotFoundError NameError NotImplementedError OSError OverflowError PermissionError ' +
  'RecursionError RuntimeError StopIteration SyntaxError SystemExit TimeoutError TypeError ValueError ' +
  'Warning ZeroDivisionError';

/** Names that a notebook puts into every program. */
const NOTEBOOK = '_ In Out display get_ipython';

/** Names that blocks import by themselves, with the imports. */
export const IMPORTS: Readonly<Record<string, string>> = {
  Decimal: 'from decimal import Decimal',
  Number: 'from numbers import Number',
  math: 'import math',
  pd: 'import pandas as pd',
  plt: 'import matplotlib.pyplot as plt',
  random: 'import random',
  re: 'import re',
  sys: 'import sys',
};

const words = (text: string) => text.split(' ');

export const BUILTIN_SET: ReadonlySet<string> = new Set(words(BUILTINS));

export const KEYWORD_SET: ReadonlySet<string> = new Set(words(KEYWORDS));

export const RESERVED: ReadonlySet<string> = new Set(
  [KEYWORDS, BUILTINS, NOTEBOOK].flatMap(words).concat(Object.keys(IMPORTS)),
);
