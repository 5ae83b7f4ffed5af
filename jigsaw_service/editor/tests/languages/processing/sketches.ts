/** Compiles sketches with Java and runs them, on as much of Processing as blocks use (`java/`). */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '../python/python3';

const STUBS = join(import.meta.dirname, 'java');

/** Texts and comments, and everything else. */
const PARTS = /("(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\/)/;

/** A sketch as Java, as Processing itself makes it: by its own spellings of casts, colours and numbers. */
export function asJava(sketch: string, name: string): string {
  const java = sketch
    .split(PARTS)
    .map((part, i) => (i % 2 ? part : replaced(part)))
    .join('');
  const isWhole = /^void \w+\(/m.test(java);
  return `class ${name} extends PApplet {\n${isWhole ? java : `void setup() {\n${java}}\n`}}\n`;
}

const replaced = (code: string) =>
  code
    .replace(/#([\dA-F]{6})\b/g, '0xFF$1')
    .replace(/\bint\(/g, 'parseInt(')
    .replace(/\bfloat\(/g, 'parseFloat(')
    .replace(/\bcolor (?=[\p{XIDS}_])/gu, 'int ')
    .replace(/(?<![\w.])\d+\.\d*(?:e[+-]?\d+)?(?![\wf])/gi, '$&f');

/** What each sketch prints, and why it ended early or is no Java. */
export function outcomes(sketches: readonly string[]): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'sketches-'));
  try {
    return outcomesIn(folder, sketches);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function outcomesIn(folder: string, sketches: readonly string[]): Outcome[] {
  for (const stub of readdirSync(STUBS)) copyFileSync(join(STUBS, stub), join(folder, stub));
  const names = sketches.map((_, i) => `Sketch${i}`);
  sketches.forEach((sketch, i) => {
    writeFileSync(join(folder, `Sketch${i}.java`), asJava(sketch, `Sketch${i}`));
  });
  const refused = new Map<string, string>();
  const whole = () => names.filter((name) => !refused.has(name));
  // Java finds some faults only once it finds no others.
  for (let found = compile(folder, names); found.size > 0; found = compile(folder, whole()))
    for (const [name, error] of found) refused.set(name, error);
  const lines = execFileSync('java', ['-cp', folder, 'Run'], {
    input: whole().join(' '),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }).split('\n');
  const ran = new Map(whole().map((name, i) => [name, JSON.parse(lines[i] ?? '') as Outcome]));
  return names.map((name) => ran.get(name) ?? { printed: [], error: refused.get(name) ?? '' });
}

/** Those that don't compile, with Java's words. */
function compile(folder: string, names: readonly string[]): Map<string, string> {
  const files = [...readdirSync(STUBS), ...names.map((name) => `${name}.java`)];
  const { stderr, status } = spawnSync(
    'javac',
    [
      '-J-XX:TieredStopAtLevel=1',
      '-J-Xshare:auto',
      '-nowarn',
      '-Xmaxerrs',
      '10000',
      '-encoding',
      'UTF-8',
      '-proc:none',
      ...files,
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const errors = [...stderr.matchAll(/^(Sketch\d+)\.java:\d+: (error: .*)$/gm)];
  const refused = new Map(errors.map(([, name = '', error = '']) => [name, error]));
  if (status !== 0 && refused.size === 0) throw new Error(stderr);
  return refused;
}
