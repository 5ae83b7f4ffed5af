/** Compares two workspace documents strictly, without any of the code under test. */

/** What the first document says and the second doesn't; empty when nothing was lost. */
export function lostBetween(before: string, after: string): string[] {
  const lost: string[] = [];
  compare(parse(before), parse(after), 'xml', lost);
  return lost;
}

function parse(xml: string): Element {
  return new DOMParser().parseFromString(xml, 'text/xml').documentElement;
}

const CONTAINERS = /^(value|statement|next|variables)$/;

function compare(before: Element, after: Element, path: string, lost: string[]): void {
  for (const { name, value } of before.attributes)
    if (!name.startsWith('xmlns') && after.getAttribute(name) !== value)
      lost.push(`${path} @${name}: ${value} → ${String(after.getAttribute(name))}`);
  if (before.children.length === 0 && before.textContent.trim() !== after.textContent.trim())
    lost.push(`${path}: ${before.textContent} → ${after.textContent}`);
  const rest = [...after.children];
  for (const child of before.children) {
    // An empty input holds nothing.
    if (CONTAINERS.test(child.localName) && !child.firstElementChild) continue;
    const match =
      rest.find((other) => labelOf(other) === labelOf(child)) ??
      rest.find((other) => other.localName === child.localName && !child.id);
    if (!match) lost.push(`${path}/${labelOf(child)}`);
    else {
      rest.splice(rest.indexOf(match), 1);
      compare(child, match, `${path}/${labelOf(child)}`, lost);
    }
  }
  // What was never there must not turn up either; declarations of variables may.
  for (const extra of rest)
    if (!/^variables?$/.test(extra.localName)) lost.push(`${path}: new ${labelOf(extra)}`);
}

function labelOf(element: Element): string {
  const is = ['id', 'name', 'type'].map((name) => element.getAttribute(name) ?? '');
  return [element.localName, ...(is[0] ? [is[0]] : is)].join(' ');
}
