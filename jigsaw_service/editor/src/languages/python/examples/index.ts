/** Programs to begin with; each runs as it is. */
import type { Example } from '../../language';
import rainfall from './rainfall.xml?raw';
import spiral from './spiral.xml?raw';
import timesTable from './timesTable.xml?raw';

export const examples: readonly Example[] = [
  { name: 'EXAMPLE_TIMES_TABLE', xml: timesTable },
  { name: 'EXAMPLE_RAINFALL', xml: rainfall },
  { name: 'EXAMPLE_SPIRAL', xml: spiral },
];
