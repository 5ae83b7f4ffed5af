/**
 * Environment that the service's engine lacks beside a page: a document to handle XML with, and
 * some of the standard library that Blockly looks for while it loads.
 */
import { DOMParser, Element, HTMLElement, Node, parseHTML } from 'linkedom';

const nothing = () => undefined;

class Collator {
  compare(a: string, b: string): number {
    return a < b ? -1 : Number(a > b);
  }
}

class TextEncoder {
  encode(text: string): Uint8Array {
    const signs = encodeURIComponent(text).match(/%..|./g) ?? [];
    return Uint8Array.from(signs, (sign) =>
      sign.length > 1 ? Number.parseInt(sign.slice(1), 16) : sign.charCodeAt(0),
    );
  }
}

class XMLSerializer {
  serializeToString(node: { toString(): string }): string {
    return node.toString();
  }
}

const lacking = {
  Intl: { Collator },
  TextEncoder,
  console: { log: nothing, info: nothing, warn: nothing, error: nothing, debug: nothing },
  setTimeout: nothing,
  clearTimeout: nothing,
};
for (const [name, value] of Object.entries(lacking)) {
  if (!(name in globalThis)) Object.assign(globalThis, { [name]: value });
}

const { document } = parseHTML('<!doctype html>');
Object.assign(globalThis, { DOMParser, XMLSerializer, Element, HTMLElement, Node, document });
