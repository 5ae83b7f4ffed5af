/** Dictionaries: values found by their keys. */
import { itemCount, registerItems } from '../../common/items';
import type { BlockKind } from '../../language';
import { Order, type PythonGenerator } from '../generator';
import { objectOf } from './code';

type Kind = BlockKind<PythonGenerator>;

const STYLE = { style: 'dictionary_blocks', inputsInline: true };
const dictionary = { type: 'input_value', name: 'DICT' };
const key = { type: 'input_value', name: 'KEY' };
const value = { type: 'input_value', name: 'VALUE' };

export function registerDictionaryMutators(): void {
  const inputs = [
    { name: 'KEY', label: '%{BKY_DICT_KEY}' },
    { name: 'VALUE', label: '%{BKY_DICT_VALUE}' },
  ];
  registerItems('dict_items', inputs, 2);
}

const create: Kind = {
  shape: {
    type: 'dict_create_with',
    message0: '%{BKY_DICT_CREATE}',
    output: 'Dictionary',
    style: 'dictionary_blocks',
    inputsInline: false,
    tooltip: '%{BKY_DICT_CREATE_TOOLTIP}',
    mutator: 'dict_items',
  },
  code: (block, generator) => {
    const items = Array.from({ length: itemCount(block) }, (_, i) => {
      const [key, value] = ['KEY', 'VALUE'].map((name) =>
        generator.valueToCode(block, `${name}${i}`, Order.NONE),
      );
      return `${key || 'None'}: ${value || 'None'}`;
    });
    return [`{${items.join(', ')}}`, Order.ATOMIC];
  },
};

const get: Kind = {
  shape: {
    type: 'dict_get',
    message0: '%{BKY_DICT_GET}',
    args0: [dictionary, key],
    output: null,
    tooltip: '%{BKY_DICT_GET_TOOLTIP}',
    ...STYLE,
  },
  code: (block, generator) => [
    `${objectOf(block, generator, 'DICT')}[${generator.valueToCode(block, 'KEY', Order.NONE) || 'None'}]`,
    Order.MEMBER,
  ],
};

const getOr: Kind = {
  shape: {
    type: 'dict_get_or',
    message0: '%{BKY_DICT_GET_OR}',
    args0: [dictionary, key, value],
    output: null,
    tooltip: '%{BKY_DICT_GET_OR_TOOLTIP}',
    ...STYLE,
  },
  code: (block, generator) => {
    const [key, value] = ['KEY', 'VALUE'].map(
      (name) => generator.valueToCode(block, name, Order.NONE) || 'None',
    );
    return [`${objectOf(block, generator, 'DICT')}.get(${key}, ${value})`, Order.FUNCTION_CALL];
  },
};

const set: Kind = {
  shape: {
    type: 'dict_set',
    message0: '%{BKY_DICT_SET}',
    args0: [dictionary, key, value],
    previousStatement: null,
    nextStatement: null,
    tooltip: '%{BKY_DICT_SET_TOOLTIP}',
    ...STYLE,
  },
  code: (block, generator) => {
    const [key, value] = ['KEY', 'VALUE'].map(
      (name) => generator.valueToCode(block, name, Order.NONE) || 'None',
    );
    // Without a dictionary there is nothing to assign to, and `None[…]` would say so too late.
    return `${generator.valueToCode(block, 'DICT', Order.MEMBER) || '{}'}[${key}] = ${value}\n`;
  },
};

const remove: Kind = {
  shape: {
    type: 'dict_remove',
    message0: '%{BKY_DICT_REMOVE}',
    args0: [key, dictionary],
    previousStatement: null,
    nextStatement: null,
    tooltip: '%{BKY_DICT_REMOVE_TOOLTIP}',
    ...STYLE,
  },
  code: (block, generator) =>
    `${objectOf(block, generator, 'DICT')}.pop(${generator.valueToCode(block, 'KEY', Order.NONE) || 'None'}, None)\n`,
};

const contains: Kind = {
  shape: {
    type: 'dict_contains',
    message0: '%{BKY_DICT_CONTAINS}',
    args0: [dictionary, key],
    output: 'Boolean',
    tooltip: '%{BKY_DICT_CONTAINS_TOOLTIP}',
    ...STYLE,
  },
  code: (block, generator) => {
    const [key, dict] = ['KEY', 'DICT'].map((name) =>
      generator.valueToCode(block, name, Order.RELATIONAL),
    );
    return [`${key || 'None'} in ${dict || '{}'}`, Order.RELATIONAL];
  },
};

const parts: Kind = {
  shape: {
    type: 'dict_parts',
    message0: '%{BKY_DICT_PARTS}',
    args0: [
      {
        type: 'field_dropdown',
        name: 'PART',
        options: [
          ['%{BKY_DICT_KEYS}', 'keys'],
          ['%{BKY_DICT_VALUES}', 'values'],
          ['%{BKY_DICT_ITEMS}', 'items'],
        ],
      },
      dictionary,
    ],
    output: 'Array',
    tooltip: '%{BKY_DICT_PARTS_TOOLTIP}',
    ...STYLE,
  },
  code: (block, generator) => {
    const dict = generator.valueToCode(block, 'DICT', Order.MEMBER) || '{}';
    return [`list(${dict}.${block.getFieldValue('PART') as string}())`, Order.FUNCTION_CALL];
  },
};

export const dictionaries: Kind[] = [create, get, getOr, set, remove, contains, parts];
