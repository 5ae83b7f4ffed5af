// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { documentOf, open, prepare } from './open';

/** A stack that prints the numbers up to `count`, with an input of its own in every statement. */
function stackOf(count: number): string {
  let stack = '';
  for (let i = count; i > 0; i--) {
    const next = stack && `<next>${stack}</next>`;
    const place = i === 1 ? ' x="40" y="20"' : '';
    stack = `<block type="text_print" id="p${i}"${place}><value name="TEXT"><block type="math_number" id="n${i}"><field name="NUM">${i}</field></block></value>${next}</block>`;
  }
  return stack;
}

test('a long stack is one stack again once it is open', async () => {
  const { workspace, xml, code } = open(documentOf(stackOf(200)), await prepare());

  expect(workspace.getTopBlocks(false)).toHaveLength(1);
  expect(code()).toBe(Array.from({ length: 200 }, (_, i) => `print(${i + 1})\n`).join(''));
  expect(xml()).toBe(documentOf(stackOf(200)));
});
