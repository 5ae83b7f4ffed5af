/** Explanation of how a run ended: in plain words, and the way to the block where it did. */
export interface Explanation {
  words: string | undefined;
  /** The block in words. */
  block: string | undefined;
  toBlock: (() => void) | undefined;
}
