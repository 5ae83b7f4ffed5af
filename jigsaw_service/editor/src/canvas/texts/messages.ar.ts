/** العربية. */
import type { Messages } from './messages';

export const messages: Messages = {
  JIGSAW_UNKNOWN: 'كتلة غير معروفة: %1',
  JIGSAW_UNKNOWN_TOOLTIP: 'لا يعرف هذا المحرر هذه الكتلة. تبقى كما هي وتُحفظ مع البقية.',
  JIGSAW_TOOLBOX: 'أنواع الكتل',
  JIGSAW_TOOLBOX_SEARCH: 'البحث عن كتل',
  JIGSAW_TOOLBOX_SEARCH_HINT: 'اكتب للبحث عن كتل',
  JIGSAW_TOOLBOX_SEARCH_NONE: 'لم يُعثر على أي كتلة',
  JIGSAW_TOOLBOX_SEARCH_COUNT: 'عدد الكتل التي عُثر عليها: %1',
  JIGSAW_FIND: 'البحث في الكتل',
  JIGSAW_FIND_NEXT: 'التالي',
  JIGSAW_FIND_PREVIOUS: 'السابق',
  JIGSAW_FIND_CLOSE: 'إغلاق البحث',
  JIGSAW_NUMBER_REFUSED: '«%1» ليس عددًا واضحًا مناسبًا هنا، لذلك يبقى %2.',
};
