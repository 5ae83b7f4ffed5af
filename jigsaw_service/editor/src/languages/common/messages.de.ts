/** Deutsch. */
import type { Messages } from './messages';

export const messages: Messages = {
  CATEGORY_LOGIC: 'Logik',
  CATEGORY_LOOPS: 'Schleifen',
  CATEGORY_MATH: 'Mathematik',
  CATEGORY_TEXT: 'Texte',
  CATEGORY_LISTS: 'Listen',
  CATEGORY_COLOUR: 'Farbe',
  CATEGORY_VARIABLES: 'Variablen',
  CATEGORY_FUNCTIONS: 'Funktionen',
};
