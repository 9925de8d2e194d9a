// `npm run prove:money -- [--store sqlite|mongodb|postgres|mysql] [--replicas N] [--redis none|open|closed] [--seed S]
// [--seconds N] [--callers N] [--leaves 0.15] [--quiet]`: that the money is right, whatever happens; see README.md. Without any of the first three
// all of `CELLS` run, else those that fit, or the one that they name.
import { parseArgs } from 'node:util';
import { forget, prove } from './cell.mjs';
import { REDIS_MODES, STORE_NAMES } from './stores.mjs';

const { values } = parseArgs({
  options: {
    store: { type: 'string' },
    replicas: { type: 'string' },
    redis: { type: 'string' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '30' },
    callers: { type: 'string', default: '500' },
    leaves: { type: 'string', default: '0.15' },
    quiet: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
/** Each store, each number of gateways, and each way to count limits. */
const CELLS = [
  { store: 'sqlite', replicas: 1, redis: 'none' },
  { store: 'mongodb', replicas: 2, redis: 'open' },
  { store: 'mongodb', replicas: 4, redis: 'closed' },
  { store: 'postgres', replicas: 2, redis: 'none' },
  { store: 'postgres', replicas: 4, redis: 'open' },
  { store: 'mysql', replicas: 2, redis: 'closed' },
  { store: 'mysql', replicas: 4, redis: 'none' },
];
const COLUMNS = [9, 8, 7, 7, 6, 32, 32, 32, 16, 10, 6, 8];
const HEADING = [
  'store',
  'replicas',
  'redis',
  'calls',
  'kills',
  ...['tight', 'wide', 'minute'].map(budget => `${budget}: usable, billed / limit`),
  'let in',
  'cut calls',
  'time',
  'verdict',
];

let proved = 0;
let failed = 0;
console.log(`seed ${seed}, ${values.callers} callers, ${values.seconds} s of load; amounts in USD`);
console.log(line(HEADING));
for (const cell of chosen(values)) {
  const { quiet, ...numbers } = values;
  const [seconds, callers, leaves] = ['seconds', 'callers', 'leaves'].map(name => Number(numbers[name]));
  const settings = { ...cell, seed, seconds, callers, leaves, quiet };
  const isProved = await proveCell(settings);
  proved += isProved ? 1 : 0;
  failed += isProved ? 0 : 1;
}
console.log(`\n${proved} proved, ${failed} failed`);
process.exit(failed === 0 && proved > 0 ? 0 : 1);

/** Those that fit; when none does, the one that is named. @throws Error for what there is not */
function chosen({ store, replicas, redis }) {
  const wanted = {
    ...(store && { store }),
    ...(replicas && { replicas: Number(replicas) }),
    ...(redis && { redis }),
  };
  const fit = CELLS.filter(cell => Object.entries(wanted).every(([field, value]) => cell[field] === value));
  const cells = fit.length > 0 ? fit : [{ store: 'sqlite', replicas: 1, redis: 'none', ...wanted }];
  for (const cell of cells) {
    if (
      !STORE_NAMES.includes(cell.store) ||
      !REDIS_MODES.includes(cell.redis) ||
      !(cell.replicas >= 1 && cell.replicas <= 4)
    ) {
      throw new Error(
        `There is no such run: ${JSON.stringify(cell)}. Stores: ${STORE_NAMES.join(', ')}; Redis: ${REDIS_MODES.join(', ')}; 1 to 4 replicas.`,
      );
    }
  }
  return cells;
}

async function proveCell(settings) {
  const { store, replicas, redis } = settings;
  const began = Date.now();
  const told = (columns, verdict) => {
    const seconds = `${Math.round((Date.now() - began) / 1000)} s`;
    console.log(line([store, replicas, redis, ...columns, seconds, verdict]));
  };
  try {
    const result = await prove(settings);
    const { findings, figures, folder } = result;
    told(columns(result), findings.length === 0 ? 'proved' : 'FAILED');
    figures.forEach(figure => console.log(`    ${details(figure)}`));
    console.log(`    ${endings(result)}`);
    findings.forEach(finding => console.log(`  !! ${finding}`));
    if (findings.length === 0) {
      forget(result);
    } else {
      console.log(`     npm run prove:money -- ${again(settings)}; logs in ${folder}`);
    }
    return findings.length === 0;
  } catch (error) {
    told(['', '', '', '', '', '', ''], 'FAILED');
    console.log(`  !! ${error.stack}`);
    return false;
  }
}

function columns({ calls, troubles, limits, figures }) {
  const kills = troubles.filter(({ of }) => of.startsWith('gateway')).length;
  const unsure = figures.reduce((all, { unsureCalls }) => all + unsureCalls, 0);
  const budgets = ['tight', 'wide', 'minute'].map(name =>
    usable(figures.find(({ project }) => project.name === name)),
  );
  return [calls.length, kills, ...budgets, letIn(limits), unsure];
}

/** What part of a budget its calls could use, and what part was really billed; of a minute, the dearest. */
function usable({ project, billed, paid, used = paid, dearest = billed }) {
  const { limitUsd } = project.budget;
  const percent = nanoUsd => `${(nanoUsd / limitUsd / 1e7).toFixed(1)} %`;
  return `${percent(used)}, ${percent(dearest)} / ${limitUsd}`;
}

/** How many calls were let in, of how many that might be, each time. */
function letIn(limits) {
  const groups = Map.groupBy(limits, ({ limit }) => limit);
  return [...groups]
    .map(([limit, times]) => `${times.map(one => one.letIn).join(' ')} / ${limit}`)
    .join(', ');
}

function details({ project, billed, ledger, records, unsureBilled, unsureLedger, unsettled, short }) {
  return (
    `${project.name}: billed ${usd(billed)}, ledger ${usd(ledger)}, ${records} records; ` +
    `cut calls: billed ${usd(unsureBilled)}, ledger ${usd(unsureLedger)}, ${unsettled} unsettled, estimates ${usd(short)} short`
  );
}

/** How many calls ended how. */
function endings({ calls }) {
  const counts = Map.groupBy(calls, ({ end, status }) => (end === 'whole' ? status : end));
  return [...counts].map(([end, { length }]) => `${end}: ${length}`).join(', ');
}

function again({ store, replicas, redis, seed, seconds, callers, leaves, quiet }) {
  return `--store ${store} --replicas ${replicas} --redis ${redis} --seed ${seed} --seconds ${seconds} --callers ${callers} --leaves ${leaves}${quiet ? ' --quiet' : ''}`;
}

function usd(nanoUsd) {
  return (nanoUsd / 1e9).toFixed(9);
}

function line(cells) {
  return cells.map((cell, at) => String(cell).padEnd(COLUMNS[at])).join('  ');
}
