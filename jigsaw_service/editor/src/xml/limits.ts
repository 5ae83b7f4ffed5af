/** Limits of a workspace's content: the service decides (`document/validation.py`) and tells. */
export interface Limits {
  /** Bytes of the document in UTF-8. */
  bytes: number;
  /** Elements inside one another; a statement in a stack costs two. */
  depth: number;
  blocks: number;
  /** Characters of one text or attribute. */
  text: number;
  id: number;
  /** The largest number in a mutation: more inputs than this would freeze the browser. */
  count: number;
  /** Elements in a mutation. */
  mutation_children: number;
  /** Distance of a block from the origin, in workspace units. */
  coordinate: number;
}

let told: Limits | undefined;

/** Takes the limits that the service tells, before anything is opened. */
export function setLimits(limits: Limits): void {
  told = limits;
}

export function limits(): Limits {
  if (!told) throw new Error('The limits of a workspace have not been told.');
  return told;
}

/**
 * Blocks inside or below one another, as far as the editor lets a program grow: two elements
 * each, and a little room for fields and mutations.
 */
export const maxNesting = () => limits().depth / 2 - 10;
