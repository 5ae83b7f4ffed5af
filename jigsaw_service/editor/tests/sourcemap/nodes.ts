/** Nodes of Python's own syntax tree, at the places of source maps. */
import { execFileSync } from 'node:child_process';
import type { SourceMap } from '../../src/sourcemap/sourceMap';
import { PYTHON } from '../languages/python/python3';

const SCRIPT = `
import ast, json, sys

def position(code, offset):
    before = code[:offset]
    return before.count('\\n') + 1, len(before.rsplit('\\n', 1)[-1].encode())

def kinds(code, spans):
    # As JavaScript counts: the programs here have no character beyond the first plane.
    assert max(code) < '\\U00010000'
    nodes, firsts, lasts = {}, set(), set()
    for node in ast.walk(ast.parse(code)):
        if hasattr(node, 'end_lineno'):
            start = node.lineno, node.col_offset
            end = node.end_lineno, node.end_col_offset
            nodes[start, end] = type(node).__name__
            if isinstance(node, ast.stmt):
                firsts.add(start)
                lasts.add(end)
    def kind(start, end):
        text = code[start:end]
        lines = text.splitlines()
        while lines and lines[-1].lstrip().startswith('#'):
            lines.pop()
        if not lines:
            return 'comment'
        # No node holds the comment at the end of its body.
        first, last = position(code, start), position(code, start + len('\\n'.join(lines).rstrip()))
        if (first, last) in nodes:
            return nodes[first, last]
        # Some blocks say several statements.
        return 'statements' if first in firsts and last in lasts else f'no node: {text}'
    return [kind(start, end) for start, end, _ in spans]

print(json.dumps([kinds(*one) for one in json.load(sys.stdin)]))
`;

/** Of each place of each map, the kind of the node that is exactly there, or the text where there is none. */
export function nodesOf(maps: readonly SourceMap[]): string[][] {
  const input = JSON.stringify(maps.map(({ code, spans }) => [code, spans]));
  return JSON.parse(
    execFileSync(PYTHON, ['-c', SCRIPT], { input, maxBuffer: 64 * 1024 * 1024 }).toString(),
  ) as string[][];
}
