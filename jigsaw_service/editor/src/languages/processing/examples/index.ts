/** Sketches to begin with. */
import type { Example } from '../../language';
import ball from './ball.xml?raw';
import circles from './circles.xml?raw';
import painting from './painting.xml?raw';

export const examples: readonly Example[] = [
  { name: 'EXAMPLE_CIRCLES', xml: circles },
  { name: 'EXAMPLE_BALL', xml: ball },
  { name: 'EXAMPLE_PAINTING', xml: painting },
];
