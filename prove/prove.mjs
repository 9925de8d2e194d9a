// `npm run prove:money -- [--store sqlite|mongodb|postgres|mysql] [--replicas N] [--seed S] [--seconds N] [--callers N]
// [--leaves 0.15] [--quiet]`: that the money is right, whatever happens; see README.md. Without a store all of them run.
import { parseArgs } from 'node:util';
import { forget, prove } from './cell.mjs';
import { STORE_NAMES } from './stores.mjs';

const { values } = parseArgs({
  options: {
    store: { type: 'string' },
    replicas: { type: 'string' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '30' },
    callers: { type: 'string', default: '500' },
    leaves: { type: 'string', default: '0.15' },
    quiet: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const REPLICAS = [1, 2, 4];
const COLUMNS = [9, 8, 7, 6, 26, 26, 20, 9];
const HEADING = [
  'store',
  'replicas',
  'calls',
  'kills',
  'tight: billed / limit',
  'wide: billed / limit',
  'cut calls',
  'verdict',
];

const cells = STORE_NAMES.filter(store => !values.store || store === values.store).flatMap(store =>
  (values.replicas ? [Number(values.replicas)] : store === 'sqlite' ? [1] : REPLICAS).map(replicas => ({
    store,
    replicas,
  })),
);
let proved = 0;
let failed = 0;
console.log(`seed ${seed}, ${values.callers} callers, ${values.seconds} s of load; amounts in USD`);
console.log(line(HEADING));
for (const cell of cells) {
  const { quiet, ...numbers } = values;
  const [seconds, callers, leaves] = ['seconds', 'callers', 'leaves'].map(name => Number(numbers[name]));
  const settings = { ...cell, seed, seconds, callers, leaves, quiet };
  const isProved = await proveCell(settings);
  proved += isProved ? 1 : 0;
  failed += isProved ? 0 : 1;
}
console.log(`\n${proved} proved, ${failed} failed`);
process.exit(failed === 0 && proved > 0 ? 0 : 1);

async function proveCell(settings) {
  const { store, replicas } = settings;
  try {
    const result = await prove(settings);
    const { findings, figures, folder } = result;
    console.log(line([store, replicas, ...columns(result), findings.length === 0 ? 'proved' : 'FAILED']));
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
    console.log(line([store, replicas, '', '', '', '', '', 'FAILED']));
    console.log(`  !! ${error.stack}`);
    return false;
  }
}

function columns({ calls, troubles, figures }) {
  const [tight, wide] = figures.map(({ project, billed }) =>
    project.budget ? `${usd(billed)} / ${project.budget.limitUsd}` : '',
  );
  const kills = troubles.filter(({ of }) => of !== 'store').length;
  const unsure = figures.reduce((all, { unsureCalls }) => all + unsureCalls, 0);
  return [calls.length, kills, tight, wide, unsure];
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

function again({ store, replicas, seed, seconds, callers, leaves, quiet }) {
  return `--store ${store} --replicas ${replicas} --seed ${seed} --seconds ${seconds} --callers ${callers} --leaves ${leaves}${quiet ? ' --quiet' : ''}`;
}

function usd(nanoUsd) {
  return (nanoUsd / 1e9).toFixed(9);
}

function line(cells) {
  return cells.map((cell, at) => String(cell).padEnd(COLUMNS[at])).join('  ');
}
