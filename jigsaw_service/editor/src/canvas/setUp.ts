/** Set-up of Blockly, once for the whole page, before its first workspace. */
import { loops } from 'blockly/blocks';
import * as Blockly from 'blockly/core';
import { nameFigures } from './ariaLabels';
import { installCopies } from './copies';
import { keepFocus } from './focus';
import { installFunctions } from './functions';
import { installNumberField } from './fields/numberField';
import { PLACEHOLDER } from '../languages/common/unknownBlock';
import { installPlaceholder } from './placeholder';
import { CSS } from './theme';
import { installToolboxSearch } from './toolboxSearch';
import { installVariableField } from './fields/variableField';

let done = false;

export function setUpBlockly(): void {
  if (done) return;
  done = true;
  installPlaceholder();
  installToolboxSearch();
  installNumberField();
  installVariableField();
  installFunctions();
  nameFigures();
  installCopies();
  keepFocus();
  Blockly.Css.register(CSS);
  // An unknown block may well be a loop, so `break` inside it is not Blockly's to switch off.
  (loops as { loopTypes: Set<string> }).loopTypes.add(PLACEHOLDER);
  leaveControlEnterAlone();
  refuseLooseXml();
  // `Foo` and `foo` are two functions, as in the languages the blocks become.
  Blockly.Names.equals = (a, b) => a === b;
}

/** Jupyter users press Ctrl+Enter to run; the context menu stays on Shift+F10 and its own key. */
function leaveControlEnterAlone(): void {
  const { registry } = Blockly.ShortcutRegistry;
  const { ENTER, CTRL_CMD } = Blockly.utils.KeyCodes;
  const menu = Blockly.ShortcutItems.names.MENU;
  const key = registry.createSerializedKey(ENTER, [CTRL_CMD]);
  if (registry.getKeyCodesByShortcutName(menu).includes(key)) registry.removeKeyMapping(key, menu);
}

/** Blockly reads ill-formed XML with the HTML parser, which moves and drops blocks in silence. */
function refuseLooseXml(): void {
  const Parser = globalThis.DOMParser;
  class StrictParser extends Parser {
    override parseFromString(text: string, type: DOMParserSupportedType): Document {
      if (type !== 'text/xml') throw new SyntaxError('This is not well-formed XML.');
      if (/<!doctype/i.test(text))
        throw new SyntaxError('A document type declaration is not allowed.');
      return super.parseFromString(text, type);
    }
  }
  Blockly.utils.xml.injectDependencies({ document, DOMParser: StrictParser, XMLSerializer });
}
