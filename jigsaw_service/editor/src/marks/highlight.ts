/** Highlights of code: marks that the browser draws over text, by what they mean. */

export type HighlightKind = 'block' | 'error' | 'caller';

/** Marks these ranges, and no others. An old browser, which has no highlights, marks nothing. */
export function highlight(kind: HighlightKind, ranges: readonly Range[]): void {
  if (!('highlights' in CSS)) return;
  const name = `jigsaw-${kind}`;
  if (ranges.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...ranges));
}

/** Scrolls a view until the beginning of a range can be seen. */
export function scrollTo(view: HTMLElement, range: Range): void {
  const [first] = range.getClientRects();
  if (!first) return;
  const box = view.getBoundingClientRect();
  if (first.top < box.top || first.bottom > box.bottom)
    view.scrollTop += first.top - box.top - box.height / 3;
  if (first.left < box.left || first.left > box.right - first.height * 2)
    view.scrollLeft += first.left - box.left - box.width / 3;
}
