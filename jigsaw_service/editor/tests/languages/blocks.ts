/** Blocks, written as XML in few words. */

export const block = (type: string, inside = '') => `<block type="${type}">${inside}</block>`;
export const field = (name: string, text: string | number) =>
  `<field name="${name}">${escaped(String(text))}</field>`;
export const value = (name: string, inside: string) =>
  inside && `<value name="${name}">${inside}</value>`;
export const body = (name: string, inside: string) =>
  inside && `<statement name="${name}">${inside}</statement>`;
export const items = (number: number) => `<mutation items="${number}"/>`;

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const number = (given: string | number) => block('math_number', field('NUM', given));
export const text = (words: string) => block('text', field('TEXT', words));
export const truth = (is: boolean) => block('logic_boolean', field('BOOL', is ? 'TRUE' : 'FALSE'));
export const get = (name: string) => block('variables_get', field('VAR', name));
export const list = (...all: string[]) =>
  block(
    'lists_create_with',
    items(all.length) + all.map((item, i) => value(`ADD${i}`, item)).join(''),
  );
export const set = (name: string, inside: string) =>
  block('variables_set', field('VAR', name) + value('VALUE', inside));
export const change = (name: string, by: string) =>
  block('math_change', field('VAR', name) + value('DELTA', by));
export const print = (inside: string) => block('text_print', value('TEXT', inside));
export const compare = (a: string, sign: string, b: string) =>
  block('logic_compare', field('OP', sign) + value('A', a) + value('B', b));
export const when = (condition: string, inside: string, otherwise?: string) =>
  block(
    'controls_if',
    (otherwise === undefined ? '' : '<mutation else="1"/>') +
      value('IF0', condition) +
      body('DO0', inside) +
      body('ELSE', otherwise ?? ''),
  );

/** Statements, or stacks of them, below one another. */
export const stack = (...all: string[]): string =>
  all
    .filter(Boolean)
    .reduceRight(
      (below, above) =>
        below
          ? above.replace(/<\/block>(<\/next><\/block>)*$/, (end) => `<next>${below}</next>${end}`)
          : above,
      '',
    );

export const define = (
  name: string,
  parameters: readonly string[],
  inside: string,
  result?: string,
) =>
  block(
    result === undefined ? 'procedures_defnoreturn' : 'procedures_defreturn',
    `<mutation>${parameters.map((one) => `<arg name="${one}"/>`).join('')}</mutation>` +
      field('NAME', name) +
      body('STACK', inside) +
      value('RETURN', result ?? ''),
  );
export const call = (name: string, parameters: Record<string, string> = {}, gives = false) =>
  block(
    gives ? 'procedures_callreturn' : 'procedures_callnoreturn',
    `<mutation name="${name}">${Object.keys(parameters)
      .map((one) => `<arg name="${one}"/>`)
      .join('')}</mutation>${Object.values(parameters)
      .map((argument, i) => value(`ARG${i}`, argument))
      .join('')}`,
  );
