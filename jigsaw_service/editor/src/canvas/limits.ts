/** What a workspace may hold. The service refuses the same, so nothing it stores fails to open here. */
export const LIMITS = {
  /** Bytes of the document in UTF-8. */
  bytes: 2 * 1024 * 1024,
  /** Elements inside one another; a statement in a stack costs two. */
  depth: 2000,
  blocks: 5000,
  /** The largest number in a mutation: more inputs than this would freeze the browser. */
  mutationCount: 500,
  mutationChildren: 200,
  /** Characters of one text or attribute. */
  text: 64 * 1024,
  id: 64,
  /** Distance of a block from the origin, in workspace units. */
  coordinate: 1e6,
} as const;

/**
 * Blocks inside or below one another, as far as the editor lets a program grow. Two elements
 * each, and a little room for fields and mutations, stay within `LIMITS.depth`.
 */
export const MAX_NESTING = 990;
