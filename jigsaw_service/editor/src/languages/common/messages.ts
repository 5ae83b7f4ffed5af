/** English texts of categories that several languages have. */
export const messages = {
  CATEGORY_LOGIC: 'Logic',
  CATEGORY_LOOPS: 'Loops',
  CATEGORY_MATH: 'Math',
  CATEGORY_TEXT: 'Text',
  CATEGORY_LISTS: 'Lists',
  CATEGORY_COLOUR: 'Colour',
  CATEGORY_VARIABLES: 'Variables',
  CATEGORY_FUNCTIONS: 'Functions',
};

/** The same texts in another language. */
export type Messages = Record<keyof typeof messages, string>;
