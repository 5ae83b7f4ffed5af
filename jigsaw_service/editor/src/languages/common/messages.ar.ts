/** العربية. */
import type { Messages } from './messages';

export const messages: Messages = {
  CATEGORY_LOGIC: 'المنطق',
  CATEGORY_LOOPS: 'الحلقات',
  CATEGORY_MATH: 'الرياضيات',
  CATEGORY_TEXT: 'النصوص',
  CATEGORY_LISTS: 'القوائم',
  CATEGORY_COLOUR: 'الألوان',
  CATEGORY_VARIABLES: 'المتغيرات',
  CATEGORY_FUNCTIONS: 'الدوال',
};
