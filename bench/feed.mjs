// `npm run bench:feed [-- --watchers N --rounds N --seconds S --check]`: what people who watch the live feed cost callers; see README.md.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { load } from './load.mjs';
import { cpuSeconds, treeOf } from './processes.mjs';
import { lowerQuartile, median } from './statistics.mjs';
import { compile, startGateway, startMock } from './targets.mjs';

/** CPU time of a request while all of them watch, by that while nobody does. */
const MOST_RATIO = 1.05;
const SCENARIO = {
  name: 'watched',
  bytes: 1024,
  connections: 64,
  stream: false,
  model: 'gpt-4o-mini',
};

const { values: options } = parseArgs({
  options: {
    watchers: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '6' },
    check: { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds);
const folder = mkdtempSync(join(tmpdir(), 'gateway-bench-'));

try {
  process.exitCode = (await report()) && options.check ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(); // with all that it started

/** @returns whether watching costs too much */
async function report() {
  compile(folder);
  startMock(folder);
  const gateway = await startGateway(folder);
  const watchers = fork(join(import.meta.dirname, 'watchers.mjs'), {
    env: {
      URL: new URL('/admin/analytics/stream', gateway.url).href,
      KEY: gateway.adminKey,
      WATCHERS: options.watchers,
    },
  });
  process.on('exit', () => watchers.kill());
  await load(gateway, SCENARIO, { folder, seconds: 3 * seconds });
  const lanes = { alone: [], watched: [] };
  let bytes = 0;
  for (let round = 0; round < Number(options.rounds); round += 1) {
    lanes.alone.push(await slice(gateway));
    await tell(watchers, 'on');
    lanes.watched.push(await slice(gateway));
    ({ bytes } = await tell(watchers, 'off'));
  }
  const micros = name => lowerQuartile(lanes[name].map(slice => slice.micros));
  const ratio = micros('watched') / micros('alone');
  for (const [name, slices] of Object.entries(lanes)) {
    const rps = median(slices.map(one => one.rps));
    console.log(
      `${name.padEnd(8)} ${micros(name).toFixed(1).padStart(7)} µs a request, ${rps.toFixed(0)} requests/s`,
    );
  }
  const perSecond = bytes / seconds / Number(options.watchers) / 1000;
  console.log(`${options.watchers} watchers, each of whom is told ${perSecond.toFixed(1)} kB a second`);
  console.log(`${ratio.toFixed(3)} × the CPU: ${ratio > MOST_RATIO ? 'OVER' : 'held'} ${MOST_RATIO}`);
  return ratio > MOST_RATIO;
}

async function tell(watchers, order) {
  const answered = once(watchers, 'message');
  watchers.send(order);
  const [answer] = await answered;
  return answer;
}

async function slice({ pid, ...target }) {
  const before = cpuSeconds(treeOf(pid));
  const { ok, bad, rps } = await load(target, SCENARIO, { folder, seconds });
  if (bad > 0) {
    throw new Error(`${bad} answers were not good.`);
  }
  return { micros: ((cpuSeconds(treeOf(pid)) - before) / ok) * 1e6, rps };
}
