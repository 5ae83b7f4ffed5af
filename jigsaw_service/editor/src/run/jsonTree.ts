/** JSON tree: branches open and close. */
import { html, type TemplateResult } from 'lit';

/** Entries of one branch that are shown; data with more of them is better looked at by a program. */
const ENTRIES = 500;

export function jsonTree(value: unknown, name = '', open = true): TemplateResult {
  if (typeof value !== 'object' || value === null) {
    return html`<div>
      ${label(name)}<span class="json-${kindOf(value)}">${JSON.stringify(value)}</span>
    </div>`;
  }
  const entries = Object.entries(value);
  const brackets = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  return html`<details ?open=${open}>
    <summary>${label(name)}<span class="json-size">${brackets}</span></summary>
    ${entries.slice(0, ENTRIES).map(([key, entry]) => jsonTree(entry, key, false))}
    ${entries.length > ENTRIES ? html`<div>…</div>` : ''}
  </details>`;
}

function label(name: string): TemplateResult | string {
  return name ? html`<span class="json-key">${name}: </span>` : '';
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
