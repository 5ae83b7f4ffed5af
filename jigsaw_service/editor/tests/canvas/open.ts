/** Opens workspaces without a page, as the editor would. */
import * as Blockly from 'blockly/core';
import { Loader, readDocument } from '../../src/canvas/loader';
import { Program } from '../../src/canvas/program';
import { headlessWorkspace } from '../../src/canvas/headless';
import { setUpBlockly } from '../../src/canvas/setUp';
import { setBlocklyTexts, setOurTexts } from '../../src/canvas/texts/texts';
import { loadLanguage, type Language } from '../../src/languages';

export interface Opened {
  workspace: Blockly.Workspace;
  program: Program;
  xml: () => string;
  code: () => string;
  unknownTypes: readonly string[];
  block: (id: string) => Blockly.Block;
}

export async function prepare(name = 'python'): Promise<Language> {
  setUpBlockly();
  const language = await loadLanguage(name);
  setBlocklyTexts();
  setOurTexts(language.messages);
  return language;
}

export function open(xml: string, language: Language): Opened {
  const workspace = headlessWorkspace();
  const loader = new Loader(workspace);
  const document = readDocument(xml, language.types);
  loader.fillAtOnce(document);
  const program = new Program(document, {
    workspace,
    knownTypes: language.types,
    mayEdit: () => true,
  });
  return {
    workspace,
    program,
    xml: () => program.xml(),
    code: () => language.generate(workspace),
    unknownTypes: document.unknownTypes,
    block: (id) => {
      const block = workspace.getBlockById(id);
      if (!block) throw new Error(`There is no block ${id}.`);
      return block;
    },
  };
}

/** A document around blocks. */
export const documentOf = (...blocks: string[]) =>
  `<xml xmlns="https://developers.google.com/blockly/xml">${blocks.join('')}</xml>`;

/** Blockly tells its listeners a moment later. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
