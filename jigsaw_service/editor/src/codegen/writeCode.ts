/**
 * The generators as one script without a page, for the service's export: XML in, code out.
 *
 * The service runs it in an engine of its own that has neither files nor network, on XML that it
 * has checked before.
 */
import './engine';
import { Loader, readDocument } from '../canvas/loader';
import { headlessWorkspace } from '../canvas/headless';
import { setLimits, type Limits } from '../xml/limits';
import { setUpBlockly } from '../canvas/setUp';
import { setBlocklyTexts, setOurTexts } from '../canvas/texts/texts';
import { language as processing } from '../languages/processing';
import { language as python } from '../languages/python';

const LANGUAGES = new Map([python, processing].map((language) => [language.name, language]));

/**
 * The program that the blocks in `xml` stand for, on its own or as a file to be kept; throws what
 * `readDocument` throws.
 */
function writeCode(name: string, xml: string, asFile: boolean, limits: Limits): { code: string } {
  const language = LANGUAGES.get(name);
  if (!language) throw new Error(`There is no language called ${name}.`);
  setBlocklyTexts();
  setOurTexts(language.messages);
  setLimits(limits);
  setUpBlockly();
  language.install();
  const workspace = headlessWorkspace();
  new Loader(workspace).fillAtOnce(readDocument(xml, language.types));
  const code = language.generate(workspace);
  return { code: asFile ? language.fileHeader + code : code };
}

Object.assign(globalThis, { writeCode });
