/** Code ranges: places in a program as they stand on the page, where invisible characters are shown by their names. */

interface Piece {
  node: Text;
  /** First and last offset in the program. */
  start: number;
  end: number;
  /** True if the text on the page is a name for what stands there. */
  isMark: boolean;
}

/** Pieces of text of a code view, in order. */
function* piecesOf(view: Element): Generator<Piece> {
  const walker = document.createTreeWalker(view, NodeFilter.SHOW_TEXT);
  let at = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const size = node.parentElement?.closest<HTMLElement>('.invisible')?.dataset['size'];
    const end = at + Number(size ?? node.nodeValue?.length ?? 0);
    yield { node: node as Text, start: at, end, isMark: size !== undefined };
    at = end;
  }
}

/** Range on the page of what stands from `start` to `end` in the program. */
export function rangeOf(view: Element, start: number, end: number): Range | undefined {
  const range = document.createRange();
  let isBegun = false;
  for (const { node, start: from, end: upto, isMark } of piecesOf(view)) {
    if (!isBegun && (start < upto || (start === upto && end === start))) {
      range.setStart(node, isMark ? 0 : Math.max(0, start - from));
      isBegun = true;
    }
    if (isBegun && end <= upto) {
      range.setEnd(node, isMark ? node.length : end - from);
      return range;
    }
  }
  return undefined;
}

/** Offset in the program of a place on the page. */
export function offsetOf(view: Element, node: Node, offset: number): number | undefined {
  const before = document.createRange();
  before.setStart(view, 0);
  before.setEnd(node, offset);
  let found: number | undefined;
  for (const piece of piecesOf(view)) {
    if (!before.intersectsNode(piece.node)) break;
    if (piece.node === node)
      return piece.isMark ? (offset === 0 ? piece.start : piece.end) : piece.start + offset;
    found = piece.end;
  }
  return found ?? 0;
}
