/** The canvas's own texts in English, under the keys that replace them. */
export const messages = {
  JIGSAW_UNKNOWN: 'unknown block: %1',
  JIGSAW_UNKNOWN_TOOLTIP:
    'This editor does not know this block. It is kept as it is, and saved with the rest.',
  JIGSAW_TOOLBOX: 'Kinds of blocks',
  JIGSAW_TOOLBOX_SEARCH: 'Search blocks',
  JIGSAW_TOOLBOX_SEARCH_HINT: 'Type to search for blocks',
  JIGSAW_TOOLBOX_SEARCH_NONE: 'No block found',
  JIGSAW_TOOLBOX_SEARCH_COUNT: '%1 blocks found',
  JIGSAW_FIND: 'Find in blocks',
  JIGSAW_FIND_NEXT: 'Find next',
  JIGSAW_FIND_PREVIOUS: 'Find previous',
  JIGSAW_FIND_CLOSE: 'Close search',
  JIGSAW_NUMBER_REFUSED: '“%1” isn’t a clear number that fits here, so %2 stays.',
};

/** The same texts in another language. */
export type Messages = Record<keyof typeof messages, string>;
