/** Popover: a button that opens a small panel of further buttons. */
import { html, nothing, type TemplateResult } from 'lit';

/** `anchor` is unique on the page: it ties the button to its panel. `inWords`: it has its label beside it. */
export function popover(
  anchor: string,
  button: TemplateResult,
  label: string,
  items: TemplateResult,
  inWords = false,
): TemplateResult {
  return html`<button
      class="icon-button ${inWords ? 'in-words' : ''}"
      aria-label=${label}
      title=${label}
      popovertarget=${anchor}
      @click=${(event: Event) => {
        place(event.currentTarget as HTMLElement, anchor);
      }}
    >
      ${button}${inWords ? html`<span>${label}</span>` : nothing}
    </button>
    <div
      id=${anchor}
      popover
      class="popover"
      role="group"
      aria-label=${label}
      @click=${(event: Event) => {
        if ((event.target as Element).closest('button, a'))
          (event.currentTarget as HTMLElement).hidePopover();
      }}
    >
      ${items}
    </div>`;
}

/** Puts the panel under its button, and inside the window. */
function place(button: HTMLElement, anchor: string): void {
  const panel = document.getElementById(anchor);
  if (!panel) return;
  const box = button.getBoundingClientRect();
  requestAnimationFrame(() => {
    const width = panel.offsetWidth;
    const left = document.dir === 'rtl' ? box.left : box.right - width;
    panel.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    panel.style.top = `${Math.min(box.bottom + 6, innerHeight - panel.offsetHeight - 8)}px`;
  });
}
