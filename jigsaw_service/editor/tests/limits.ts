/** Tells every test the limits that the service would tell its pages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setLimits, type Limits } from '../src/xml/limits';

const recorded = join(import.meta.dirname, '../../../tests/vectors/limits.json');
setLimits(JSON.parse(readFileSync(recorded, 'utf8')) as Limits);
