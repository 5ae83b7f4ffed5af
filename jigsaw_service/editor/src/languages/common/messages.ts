/** English texts of categories that several languages have. */
export const messages: Record<string, string> = {
  CATEGORY_LOGIC: 'Logic',
  CATEGORY_LOOPS: 'Loops',
  CATEGORY_MATH: 'Math',
  CATEGORY_TEXT: 'Text',
  CATEGORY_LISTS: 'Lists',
  CATEGORY_COLOUR: 'Colour',
  CATEGORY_VARIABLES: 'Variables',
  CATEGORY_FUNCTIONS: 'Functions',
};
