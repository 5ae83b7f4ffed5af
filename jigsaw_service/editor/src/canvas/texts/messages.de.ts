/** Deutsch. */
import type { Messages } from './messages';

export const messages: Messages = {
  JIGSAW_UNKNOWN: 'unbekannter Block: %1',
  JIGSAW_UNKNOWN_TOOLTIP:
    'Dieser Editor kennt den Block nicht. Er bleibt, wie er ist, und wird mit allem anderen gespeichert.',
  JIGSAW_TOOLBOX: 'Arten von Blöcken',
  JIGSAW_TOOLBOX_SEARCH: 'Blöcke suchen',
  JIGSAW_TOOLBOX_SEARCH_HINT: 'Tippe, um nach Blöcken zu suchen',
  JIGSAW_TOOLBOX_SEARCH_NONE: 'Kein Block gefunden',
  JIGSAW_TOOLBOX_SEARCH_COUNT: 'Gefundene Blöcke: %1',
  JIGSAW_FIND: 'In Blöcken suchen',
  JIGSAW_FIND_NEXT: 'Weitersuchen',
  JIGSAW_FIND_PREVIOUS: 'Rückwärts suchen',
  JIGSAW_FIND_CLOSE: 'Suche schließen',
  JIGSAW_NUMBER_REFUSED: '„%1“ ist hier keine eindeutige passende Zahl; %2 bleibt.',
};
