/** Blocks that need more than Python itself: pandas and matplotlib. */
export const LIBRARY = /^(plot|data)_/;
