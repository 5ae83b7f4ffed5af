// @vitest-environment jsdom
import * as Blockly from 'blockly/core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { askForVariable } from '../../src/canvas/variables';
import type { Language } from '../../src/languages';
import { documentOf, open, prepare } from './open';

let language: Language;
beforeAll(async () => {
  language = await prepare();
});

afterEach(() => {
  Blockly.dialog.setPrompt();
  Blockly.dialog.setAlert();
});

/** Presses the button and types these names, one at each question; tells what was refused. */
function create(workspace: Blockly.Workspace, ...names: string[]): string[] {
  const refused: string[] = [];
  Blockly.dialog.setAlert((message, callback) => {
    refused.push(message);
    callback?.();
  });
  Blockly.dialog.setPrompt((_message, _offered, callback) => callback(names.shift() ?? null));
  askForVariable(workspace);
  return refused;
}

const namesOf = (workspace: Blockly.Workspace) =>
  workspace
    .getVariableMap()
    .getAllVariables()
    .map((variable) => variable.getName());

test('a new variable may differ from another by case alone', () => {
  const { workspace } = open(documentOf(), language);

  expect(create(workspace, 'df')).toEqual([]);
  expect(create(workspace, 'DF')).toEqual([]);
  expect(namesOf(workspace)).toEqual(['df', 'DF']);
});

test('a name that is taken is asked for again', () => {
  const { workspace } = open(documentOf(), language);
  create(workspace, 'df');

  expect(create(workspace, 'df', 'df2')).toEqual(["A variable named 'df' already exists."]);
  expect(namesOf(workspace)).toEqual(['df', 'df2']);
});

test('a variable may be renamed to another case', () => {
  const { workspace } = open(documentOf(), language);
  create(workspace, 'df');
  const variables = workspace.getVariableMap();
  const [df] = variables.getAllVariables();
  if (df) variables.renameVariable(df, 'DF');

  expect(namesOf(workspace)).toEqual(['DF']);
});
