/** Locates an error among blocks, by the places in the program that it went through. */
import type { ErrorPlace, Position } from '../run/errorPlace';
import { extentOfLine, offsetOfBytes, offsetOfCharacters } from '../sourcemap/positions';
import type { SourceMap, Span } from '../sourcemap/sourceMap';

export interface Located {
  /** Innermost block of the program that the error came from. */
  block: string;
  /** Blocks that had called what that belongs to, the first first. */
  callers: readonly string[];
}

/** Undefined if the error came from no block. */
export function locate(place: ErrorPlace, map: SourceMap): Located | undefined {
  if (place.syntax) {
    const found = unreadable(place.syntax, map);
    return found && { block: found[2], callers: [] };
  }
  // What helpers of the generator do is told at the block that calls them.
  const blocks = place.frames.flatMap((frame) => blockAt(frame, map)?.[2] ?? []);
  const block = blocks.at(-1);
  if (block === undefined) return undefined;
  return { block, callers: [...new Set(blocks)].filter((caller) => caller !== block) };
}

function blockAt([line, column, endLine, endColumn]: Position, map: SourceMap): Span | undefined {
  if (line === null) return undefined;
  const { code } = map;
  if (column === null || endLine === null || endColumn === null)
    return map.innermost(...extentOfLine(code, line));
  return map.innermost(offsetOfBytes(code, line, column), offsetOfBytes(code, endLine, endColumn));
}

/** What is missing is missed behind the text: there, it is the block that ends. */
function unreadable([line, column, , endColumn]: Position, map: SourceMap): Span | undefined {
  if (line === null) return undefined;
  const { code } = map;
  const [first, last] = extentOfLine(code, line);
  const within = (offset: number) => Math.max(first, Math.min(offset, last));
  if (column === null) return map.innermost(first, last);
  const start = within(offsetOfCharacters(code, line, column));
  const end = within(offsetOfCharacters(code, line, endColumn ?? column));
  return map.innermost(start, Math.max(start, end)) ?? map.innermost(start);
}
