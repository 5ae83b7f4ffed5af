/** Names that Python written by hand, on one line, gives a value or imports. */

/** Name that an import binds, with the import of it alone, such as `import math`. */
export interface Import {
  name: string;
  statement: string;
}

/** What a line binds. */
export interface Bindings {
  /** Names that are given a value, or deleted. */
  names: readonly string[];
  imports: readonly Import[];
  /** Modules that all names are imported from. */
  stars: readonly string[];
}

const TEXT =
  /[rbuf]{0,2}(?:"""(?:\\.|[^])*?(?:"""|$)|'''(?:\\.|[^])*?(?:'''|$)|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)/u;
const NAME = /[\p{XIDS}_]\p{XIDC}*/u;
const SIGN = /:=|[=!<>]=|->|(?:\*\*|\/\/|<<|>>|[-+*/%&|^@])?=|\S/u;
const TOKENS = new RegExp(
  [TEXT, /#.*/, NAME, /\.?\d[\p{XIDC}.]*/u, SIGN].map((part) => part.source).join('|'),
  'giu',
);

const isName = (token = '') => /^[\p{XIDS}_]\p{XIDC}*$/u.test(token);
const ASSIGNMENT = /^(?:\*\*|\/\/|<<|>>|[-+*/%&|^@])?=$/;
const COMPOUND = /^(if|elif|else|for|while|with|try|except|finally|def|class|async|match|case)$/;

/** Statements of a line, as their tokens; texts and comments left out. */
function statementsOf(line: string): string[][] {
  const statements: string[][] = [[]];
  let depth = 0;
  for (const token of line.match(TOKENS) ?? []) {
    if (/^#/.test(token)) break;
    if (/^[([{]$/.test(token)) depth++;
    if (/^[)\]}]$/.test(token)) depth--;
    const current = statements.at(-1) ?? [];
    const ends = token === ';' || (token === ':' && COMPOUND.test(current[0] ?? ''));
    if (depth <= 0 && ends) statements.push([]);
    else current.push(/["']/.test(token) ? "''" : token);
  }
  return statements;
}

/** Names in a target: neither a part of something, nor something that has parts. */
const targets = (tokens: readonly string[]) =>
  tokens.filter(
    (token, i) => isName(token) && tokens[i - 1] !== '.' && !/^[.([]$/.test(tokens[i + 1] ?? ''),
  );

/** What stands before the last `=` outside of brackets, without what is said of its type. */
function assigned(tokens: readonly string[]): readonly string[] {
  let depth = 0;
  let end = 0;
  let typed = tokens.length;
  for (const [i, token] of tokens.entries()) {
    if (/^[([{]$/.test(token)) depth++;
    if (/^[)\]}]$/.test(token)) depth--;
    if (depth === 0 && token === ':') typed = Math.min(typed, i);
    if (depth === 0 && ASSIGNMENT.test(token)) end = i;
  }
  return tokens.slice(0, Math.min(end, typed));
}

/** Names that a statement other than an import binds. */
function namesBound(tokens: readonly string[]): string[] {
  const [first = ''] = tokens;
  const named = tokens.filter(
    (token, i) =>
      isName(token) && (/^(as|def|class)$/.test(tokens[i - 1] ?? '') || tokens[i + 1] === ':='),
  );
  if (first === 'for') return [...named, ...targets(tokens.slice(1, tokens.indexOf('in')))];
  if (first === 'del') return targets(tokens.slice(1));
  return [...named, ...targets(assigned(tokens))];
}

/** Parts of an import between its commas: a dotted name, and the one it gets. */
function parts(tokens: readonly string[]): [name: string, alias: string | undefined][] {
  const isListed = (token: string) => !/^[()]$/.test(token);
  return tokens
    .filter(isListed)
    .join(' ')
    .split(',')
    .map((part): [string, string | undefined] => {
      const [name = '', alias] = part.split(/ as /);
      return [name.replaceAll(' ', ''), alias?.trim()];
    });
}

/** An import of one name, as it would be written by itself; of `os.path`, it is `os` that is bound. */
export function importOf(module: string, alias?: string): Import {
  const [first = ''] = module.split('.');
  return alias && alias !== module
    ? { name: alias, statement: `import ${module} as ${alias}` }
    : { name: first, statement: `import ${first}` };
}

export function importFrom(module: string, name: string, alias = name): Import {
  const statement = `from ${module} import ${name}`;
  return { name: alias, statement: alias === name ? statement : `${statement} as ${alias}` };
}

function importsOf(tokens: readonly string[]): Import[] {
  const at = tokens.indexOf('import');
  const module = tokens.slice(1, at).join('');
  return parts(tokens.slice(at + 1))
    .filter(([name]) => name !== '*')
    .map(([name, alias]) => (at === 0 ? importOf(name, alias) : importFrom(module, name, alias)));
}

export function bindingsIn(line: string): Bindings {
  const statements = statementsOf(line.normalize('NFKC'));
  const isImport = ([first = '']: readonly string[]) => /^(import|from)$/.test(first);
  const starred = statements.filter((tokens) => isImport(tokens) && tokens.includes('*'));
  return {
    names: statements.filter((tokens) => !isImport(tokens)).flatMap(namesBound),
    imports: statements.filter(isImport).flatMap(importsOf),
    stars: starred.map((tokens) => tokens.slice(1, tokens.indexOf('import')).join('')),
  };
}
