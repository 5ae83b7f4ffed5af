/**
 * Error place: where in its program an error happened, as an IPython kernel tells when it is asked.
 *
 * One silent request evaluates one expression in a namespace of its own: it leaves no name, no history, no count. The
 * text is fixed and ours (`errorPlace.py.txt`), and runs nothing of the person's.
 */
import question from './errorPlace.py.txt?raw';

/** Line from 1, column; then those of the end. Null: not known. */
export type Position = readonly [
  line: number | null,
  column: number | null,
  endLine: number | null,
  endColumn: number | null,
];

export interface ErrorPlace {
  /** Name of the exception's class. */
  name: string;
  /** Places in the program that it went through, the outermost first, with columns in bytes; of many, the first and last. */
  frames: readonly Position[];
  /** How many there were. */
  count: number;
  /** Of a program that can't be read; columns in characters, from 1. */
  syntax: Position | null;
  /** Names that could be meant. */
  names: readonly string[];
}

/** The expression that asks where the last error went through `program`. */
export function placeQuestion(program: string): string {
  // A string is written alike in JSON and in Python.
  const [source, given] = [question, program].map((text) => JSON.stringify(text));
  return `(lambda space: (__import__('builtins').exec(${source}, space), space['answer'])[1])({'program': ${given}})`;
}

/** The answer, as Python writes a string of ASCII; undefined where it is none. */
export function placeAnswer(text: string | undefined): ErrorPlace | undefined {
  if (!text || !/^(['"]).*\1$/s.test(text)) return undefined;
  try {
    const json = text.slice(1, -1).replace(/\\(['"\\])/g, '$1');
    return (JSON.parse(json) as ErrorPlace | null) ?? undefined;
  } catch {
    return undefined;
  }
}
