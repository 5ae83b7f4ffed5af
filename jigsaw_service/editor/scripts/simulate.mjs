/** Simulates people at one workspace many times: `npm run simulate 2000 [FIRST SEED]`. */
import { spawnSync } from 'node:child_process';

const [runs = '1000', first = String(Math.floor(Math.random() * 1e9))] = process.argv.slice(2);
console.log(`${runs} simulations from seed ${first}`);
const { status } = spawnSync(
  'npx',
  ['vitest', 'run', '--reporter=dot', 'tests/live/system.test.ts'],
  {
    env: { ...process.env, SIMULATED_RUNS: runs, FIRST_SEED: first },
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
