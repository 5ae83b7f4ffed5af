/** Asks the real Python, once for many programs. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The project's own Python where there is one: it has more packages. */
const OWN = join(import.meta.dirname, '../../../../../.venv/bin/python');
export const PYTHON = existsSync(OWN) ? OWN : 'python3';

function python(script: string, programs: readonly string[]): unknown {
  const output = execFileSync(PYTHON, ['-c', script], {
    // Plots are drawn without a screen.
    env: { ...process.env, MPLBACKEND: 'Agg' },
    stdio: 'pipe',
    input: JSON.stringify(programs),
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output.toString());
}

/** Whether programs may import it. */
export function hasModule(name: string): boolean {
  return python(
    `
import importlib.util, json, sys
print(json.dumps(importlib.util.find_spec(json.load(sys.stdin)[0]) is not None))`,
    [name],
  ) as boolean;
}

/** What each program prints. */
export function printed(programs: readonly string[]): string[] {
  return python(
    `
import contextlib, io, json, sys
def run(program):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(program, 'program', 'exec'), {'__name__': '__main__'})
    return out.getvalue()
print(json.dumps([run(program) for program in json.load(sys.stdin)]))`,
    programs,
  ) as string[];
}

/** The outline of each program without its texts and names: the kinds of its nodes, or the error. */
export function outlines(programs: readonly string[]): string[] {
  return python(
    `
import ast, json, sys
def outline(program):
    try:
        return ' '.join(type(node).__name__ for node in ast.walk(ast.parse(program)))
    except Exception as error:
        return f'{type(error).__name__}: {error}'
print(json.dumps([outline(program) for program in json.load(sys.stdin)]))`,
    programs,
  ) as string[];
}

/** The texts that stand in each program as string literals. */
export function texts(programs: readonly string[]): string[][] {
  return python(
    `
import ast, json, sys
print(json.dumps([[node.value for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Constant) and isinstance(node.value, str)] for program in json.load(sys.stdin)]))`,
    programs,
  ) as string[][];
}

/** What a program did: what it printed, as values rather than as text, and the error that ended it. */
export interface Outcome {
  printed: unknown[];
  error: string;
}

/** What each program does, given the answers to its questions. */
export function outcomes(programs: readonly string[], answers: readonly string[] = []): Outcome[] {
  const script = `
import builtins, json, sys
say = print
answers = ${JSON.stringify(answers)}
def plain(value):
    if value is None or isinstance(value, (bool, int, float, str)):
        return value if value == value and value not in (float('inf'), -float('inf')) else str(value)
    if isinstance(value, dict):
        value = list(value.items())
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else str(value)
def run(program):
    out, asked = [], iter(answers)
    builtins.print = lambda *values: out.extend(map(plain, values))
    builtins.input = lambda _: next(asked)
    error = ''
    try:
        exec(compile(program, 'program', 'exec'), {'__name__': '__main__'})
    except (Exception, KeyboardInterrupt) as problem:
        error = f'{type(problem).__name__}: {problem}'
    return {'printed': out, 'error': error}
results = [run(program) for program in json.load(sys.stdin)]
say(json.dumps(results))`;
  return python(script, programs) as Outcome[];
}
