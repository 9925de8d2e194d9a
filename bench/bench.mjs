// `npm run bench -- [--quick] [--scenarios a,b] [--rounds N] [--seconds S] [--out results.json]`; see README.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { coldStart } from './cold-start.mjs';
import { Calibration, measureScenario } from './measure.mjs';
import { conditions, heading, line, summarise } from './report.mjs';
import { scenarios } from './scenarios.mjs';
import { compile, startFloor, startGateway, startMock } from './targets.mjs';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    scenarios: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    out: { type: 'string' },
  },
});
const defaults = options.quick
  ? { rounds: 3, seconds: 0.6, warmSeconds: 2, tries: 2 }
  : { rounds: 9, seconds: 0.8, warmSeconds: 15, tries: 6 };
const settings = {
  ...defaults,
  rounds: Number(options.rounds ?? defaults.rounds),
  seconds: Number(options.seconds ?? defaults.seconds),
};
const chosen = options.scenarios?.split(',');
const folder = mkdtempSync(join(tmpdir(), 'gateway-bench-'));

const { milliseconds, mebibytes } = await coldStart(folder);
console.log(
  `cold start ${milliseconds.toFixed(0)} ms to /health/ready, ${mebibytes.toFixed(0)} MiB resident at rest`,
);
compile(folder);
const mock = startMock(folder);
const targets = [startFloor(folder), await startGateway(folder)];
const calibration = new Calibration(mock, folder);
await calibration.settle();

const results = [];
console.log(
  `Node ${process.version}, ${cpus().length} CPUs, ${settings.rounds} rounds of ${settings.seconds} s`,
);
for (const scenario of scenarios.filter(({ name }) => !chosen || chosen.includes(name))) {
  const slices = await measureScenario(scenario, targets, { settings, mock, calibration, folder });
  const rows = summarise(slices);
  console.log(heading(scenario));
  rows.forEach(row => console.log(line(row, scenario)));
  console.log(conditions(slices));
  results.push({ scenario: scenario.name, budget: scenario.budget, rows });
}
if (options.out) {
  const about = { node: process.version, cpus: cpus().length, date: new Date().toISOString() };
  const start = { milliseconds, mebibytes };
  writeFileSync(options.out, JSON.stringify({ ...about, start, results }, null, 2));
}

const bad = results.flatMap(({ rows }) => rows).reduce((total, row) => total + row.bad, 0);
if (bad > 0) {
  console.error(`\n${bad} answers were bad; the logs are in ${folder}`);
  process.exit(1);
}
rmSync(folder, { recursive: true, force: true });
process.exit(0);
