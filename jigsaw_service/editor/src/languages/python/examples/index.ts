/** Programs to begin with; each runs as it is. */
import type { Example } from '../../language';
import rainfall from './rainfall.xml?raw';
import spiral from './spiral.xml?raw';
import timesTable from './timesTable.xml?raw';

export const examples: readonly Example[] = [
  { name: 'Times table', xml: timesTable },
  { name: 'A week of rain', xml: rainfall },
  { name: 'Draw a spiral', xml: spiral },
];
