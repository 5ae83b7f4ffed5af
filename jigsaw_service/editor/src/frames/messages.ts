/** Messages between the page and the frame for untrusted output. */

export interface ToFrame {
  type: 'jigsaw-output';
  action: 'show';
  mime: string;
  content: string;
  dark: boolean;
  direction: 'ltr' | 'rtl';
}

export type FromFrame =
  | { type: 'jigsaw-output'; action: 'ready' }
  | { type: 'jigsaw-output'; action: 'height'; height: number };
