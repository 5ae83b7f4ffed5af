/**
 * The notebook page around this frame: what it may ask, and what it is told.
 *
 * A message counts only if it comes from that very window and from an origin that the service named. None
 * runs anything; what is to be imported is only offered.
 */

/** XML of more characters is not even looked at. */
const MAX_XML = 1024 * 1024;

export type ToNotebook =
  | { action: 'ready'; protocol: 1 }
  | { action: 'xml'; id: string; xml: string; revision: number }
  | { action: 'size'; height: number }
  | { action: 'saved'; revision: number }
  | { action: 'insert'; code: string }
  | { action: 'executed'; status: 'ok' | 'error' | 'aborted' }
  | { action: 'error'; slug: string };

export type FromNotebook =
  | { action: 'import'; xml: string }
  | { action: 'get'; id: string }
  | { action: 'theme'; dark: boolean };

/** Event: `message` (`CustomEvent<FromNotebook>`). */
export class Notebook extends EventTarget {
  readonly #around: Window;

  readonly #target: string | undefined;

  constructor(around: Window, origins: readonly string[]) {
    super();
    this.#around = around;

    this.#target = originOf(around, origins);
    addEventListener('message', (event: MessageEvent<unknown>) => {
      if (event.source !== this.#around || event.origin !== this.#target) return;
      const message = read(event.data);
      if (message) this.dispatchEvent(new CustomEvent('message', { detail: message }));
    });
  }

  post(message: ToNotebook): void {
    if (this.#target) this.#around.postMessage({ type: 'jigsaw', ...message }, this.#target);
  }
}

/** Origin of the page around us: ours or one of `origins`. The service lets no other frame us. */
function originOf(around: Window, origins: readonly string[]): string | undefined {
  try {
    // Readable at our own origin only.
    return around.location.origin;
  } catch {
    const ancestors = location.ancestorOrigins as DOMStringList | undefined;
    const told = ancestors?.[0] ?? (document.referrer && new URL(document.referrer).origin);
    return origins.length === 1 ? origins[0] : origins.find((origin) => origin === told);
  }
}

/** The message, if it is one of those that we know, in every part. */
export function read(data: unknown): FromNotebook | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { type, action, xml, id, dark } = data as Record<string, unknown>;
  if (type !== 'jigsaw') return undefined;
  if (action === 'import' && typeof xml === 'string' && xml.length <= MAX_XML)
    return { action, xml };
  if (action === 'get' && typeof id === 'string' && id.length <= 100) return { action, id };
  if (action === 'theme' && typeof dark === 'boolean') return { action, dark };
  return undefined;
}
