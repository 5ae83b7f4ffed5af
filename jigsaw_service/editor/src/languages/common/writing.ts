/** Text of programs, however large: Blockly's own regular expressions take a minute for a thousand loops in one another. */
import type * as Blockly from 'blockly/core';

/** Lines of a body, moved to the right. */
export function indented(text: string, prefix: string): string {
  const last = text.endsWith('\n') ? '\n' : '';
  return (
    prefix +
    text
      .slice(0, text.length - last.length)
      .split('\n')
      .join(`\n${prefix}`) +
    last
  );
}

type Generator = Pick<Blockly.CodeGenerator, 'init' | 'blockToCode' | 'scrubNakedValue' | 'finish'>;

/** The program of all blocks, with an empty line between stacks. */
export function write(generator: Generator, workspace: Blockly.Workspace): string {
  generator.init(workspace);
  const sections: string[] = [];
  for (const block of workspace.getTopBlocks(true)) {
    const code = generator.blockToCode(block);
    const text = typeof code === 'string' ? code : code[0];
    if (text) sections.push(block.outputConnection ? generator.scrubNakedValue(text) : text);
  }
  return tidy(generator.finish(sections.join('\n')));
}

/** Without spaces at the ends of lines, and without empty lines around. */
function tidy(code: string): string {
  const lines = code.split('\n').map(withoutEnd);
  const first = lines.findIndex((line) => line !== '');
  if (first < 0) return '';
  const last = lines.findLastIndex((line) => line !== '');
  return `${lines.slice(first, last + 1).join('\n')}\n`;
}

function withoutEnd(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--;
  return line.slice(0, end);
}
