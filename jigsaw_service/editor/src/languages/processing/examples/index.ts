/** Sketches to begin with. */
import type { Example } from '../../language';
import ball from './ball.xml?raw';
import circles from './circles.xml?raw';
import painting from './painting.xml?raw';

export const examples: readonly Example[] = [
  { name: 'A grid of circles', xml: circles },
  { name: 'Bouncing ball', xml: ball },
  { name: 'Paint with the mouse', xml: painting },
];
