/** Errors of Python in plain words, by their kinds and by how CPython puts them, from 3.8 on. */
import type { Explain } from '../../language';
import { nearest } from './nearest';
import type { Words } from './words';

type Key = keyof Words;
type Phrase = (key: Key, values?: Record<string, string>) => string;
/** Words for a message, by what the pattern found in it; undefined if the message says it best itself. */
type Rule = [
  pattern: RegExp,
  words: (found: string[], say: Phrase, names: readonly string[]) => string | undefined,
];

const KINDS: Record<string, Key> = {
  int: 'number',
  float: 'number',
  complex: 'number',
  str: 'text',
  bool: 'truth',
  list: 'list',
  tuple: 'list',
  dict: 'dictionary',
  NoneType: 'nothing',
  function: 'functionKind',
  method: 'functionKind',
  builtin_function_or_method: 'functionKind',
};

/** Packages that are called otherwise than the modules in them. */
const PACKAGES: Record<string, string> = {
  PIL: 'pillow',
  bs4: 'beautifulsoup4',
  cv2: 'opencv-python-headless',
  docx: 'python-docx',
  dotenv: 'python-dotenv',
  serial: 'pyserial',
  skimage: 'scikit-image',
  sklearn: 'scikit-learn',
  yaml: 'pyyaml',
};

function kindOf(type: string, say: Phrase): string {
  const key = KINDS[type];
  return key ? say(key) : say('other', { type });
}

const isNumber = (type: string) => KINDS[type] === 'number';

function between(sign: string, left: string, right: string, say: Phrase): string {
  if (left === 'NoneType' || right === 'NoneType') return say('none');
  const isMixed = (left === 'str' && isNumber(right)) || (isNumber(left) && right === 'str');
  if (/^\+=?$/.test(sign) && isMixed) return say('textAndNumber');
  return say('kinds', { sign, left: kindOf(left, say), right: kindOf(right, say) });
}

/** What is said of one kind of thing, unless it is nothing. */
const of =
  (key: Key) =>
  ([type = '']: string[], say: Phrase) =>
    type === 'NoneType' ? say('none') : say(key, { kind: kindOf(type, say) });

const always = (key: Key) => (_: string[], say: Phrase) => say(key);

const attribute: Rule[1] = ([type = '', name = ''], say, names) => {
  if (type === 'NoneType') return say('none');
  const near = nearest(name, names);
  const kind = kindOf(type, say);
  return near ? say('attributeNear', { kind, name, near }) : say('attribute', { kind, name });
};

const RULES: Record<string, Rule[]> = {
  NameError: [
    [
      /name '(.+?)' is not defined/,
      ([name = ''], say, names) => {
        const near = nearest(name, names);
        return near ? say('nameNear', { name, near }) : say('name', { name });
      },
    ],
  ],
  UnboundLocalError: [[/local variable '(.+?)'/, ([name = ''], say) => say('unbound', { name })]],
  ZeroDivisionError: [[/(?:)/, always('zero')]],
  TypeError: [
    [
      /can only concatenate (\w+) \(not "(.+?)"\)/,
      ([left = '', right = ''], say) => between('+', left, right, say),
    ],
    [
      /unsupported operand type\(s\) for (\S+)(?: or pow\(\))?: '(.+?)' and '(.+?)'/,
      ([sign = '', left = '', right = ''], say) => between(sign, left, right, say),
    ],
    [
      /'(.+?)' not supported between instances of '(.+?)' and '(.+?)'/,
      ([sign = '', left = '', right = ''], say) => between(sign, left, right, say),
    ],
    [/^must be str, not (\w+)/, ([right = ''], say) => between('+', 'str', right, say)],
    [/'(.+?)' object is not callable/, of('notCallable')],
    [/'(.+?)' object (?:is not subscriptable|does not support item)/, of('notIndexable')],
    [/object of type '(.+?)' has no len/, of('notIndexable')],
    [/'(.+?)' object is not iterable|argument of type '(.+?)' is not/, of('notIterable')],
    [/cannot unpack non-iterable (\w+) object/, of('notIterable')],
    [
      /^(\S+)\(\) missing \d+ required .*?: (.+)$/,
      ([name = '', missing = ''], say) => say('tooFew', { function: name, missing }),
    ],
    [
      /^(\S+?)(?:\(\))? (?:takes|got an unexpected|got multiple|expected)/,
      ([name = ''], say) => say('arguments', { function: name }),
    ],
  ],
  ValueError: [
    [/invalid literal for int\(\).*?: '(.*)'$/s, ([text = ''], say) => say('notNumber', { text })],
    [
      /could not convert string to float: '(.*)'$/s,
      ([text = ''], say) => say('notNumber', { text }),
    ],
  ],
  IndexError: [[/out of range|empty (?:list|set|sequence)/, always('index')]],
  KeyError: [[/^(.{1,80})$/s, ([key = ''], say) => say('key', { key })]],
  AttributeError: [
    [/'(.+?)' object has no attribute '(.+?)'/, attribute],
    [
      /module '(.+?)' has no attribute '(.+?)'/,
      ([module = '', name = ''], say, names) => {
        const near = nearest(name, names);
        const kind = `“${module}”`;
        return near
          ? say('attributeNear', { kind, name, near })
          : say('notInModule', { module, name });
      },
    ],
  ],
  ModuleNotFoundError: [
    [
      /No module named '([^'.]+)/,
      ([name = ''], say) => say('noModule', { name, package: PACKAGES[name] ?? name }),
    ],
  ],
  ImportError: [
    [
      /cannot import name '(.+?)' from '(.+?)'/,
      ([name = '', module = ''], say) => say('notInModule', { module, name }),
    ],
  ],
  FileNotFoundError: [[/: '(.*?)'$/s, ([name = ''], say) => say('noFile', { name })]],
  IsADirectoryError: [[/: '(.*?)'$/s, ([name = ''], say) => say('isFolder', { name })]],
  PermissionError: [[/: '(.*?)'$/s, ([name = ''], say) => say('forbidden', { name })]],
  RecursionError: [[/(?:)/, always('recursion')]],
  MemoryError: [[/(?:)/, always('memory')]],
  OverflowError: [[/(?:)/, always('tooLarge')]],
  AssertionError: [[/^$/, always('assertion')]],
  SyntaxError: [
    [/unterminated|EOL while scanning|EOF while scanning/, always('openText')],
    [/'(.)' was never closed/, ([sign = ''], say) => say('openBracket', { sign })],
    [/unmatched '(.)'/, ([sign = ''], say) => say('strayBracket', { sign })],
    [/expected ':'/, always('noColon')],
    [/incomplete input|unexpected EOF/, always('open')],
    [/(?:)/, always('syntax')],
  ],
  _IncompleteInputError: [[/(?:)/, always('open')]],
  IndentationError: [[/(?:)/, always('indentation')]],
  TabError: [[/(?:)/, always('indentation')]],
};

export const explainer = (words: Words): Explain => {
  const say: Phrase = (key, values = {}) => {
    const text = words[key].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
    // A kind is said as it stands within a sentence.
    const isBeginning = words[key].startsWith('{kind}');
    return isBeginning ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  };
  return ({ name, value, names }) => {
    const rules = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
    for (const [pattern, put] of rules ?? []) {
      const found = pattern.exec(value);
      // Of several ways to put it, one has matched.
      if (found) return put(found.slice(1).filter(isThere), say, names);
    }
    return undefined;
  };
};

const isThere = (part: string | undefined): part is string => part !== undefined;
