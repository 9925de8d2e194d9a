// `npm run bench:realtime [-- --sessions N --frame-ms MS --rounds N --seconds S --check]`: what the gateway adds to frames of
// realtime sessions, and the memory that it needs for them; see README.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { LiveCallers } from './live-callers.mjs';
import { cpuSeconds, machineBusySeconds, residentMiB, start, treeOf } from './processes.mjs';
import { median } from './statistics.mjs';
import { PORTS, startGateway } from './targets.mjs';

/** Milliseconds that the gateway may add to 99 of 100 frames, there and back. */
const MOST_ADDED_MS = 10;
/** Its CPU time, by that of the bare relay. */
const MOST_RATIO = 3;
/** From the end of the warm-up to the end. */
const MOST_GROWTH_MIB = 32;
const WARM_UP = 2;
/** Cores that others may use while a slice is measured; else it is taken again, so many times. */
const [MOST_OTHERS, TRIES] = [0.2, 3];
const MODEL_PATH = '/v1/realtime?model=gpt-realtime';

const { values: options } = parseArgs({
  options: {
    sessions: { type: 'string', default: '200' },
    'frame-ms': { type: 'string', default: '100' },
    rounds: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '6' },
    check: { type: 'boolean', default: false },
  },
});
const sessions = Number(options.sessions);
const frameMs = Number(options['frame-ms']);
const seconds = Number(options.seconds);
const folder = mkdtempSync(join(tmpdir(), 'gateway-bench-'));

try {
  const lanes = await begin();
  const memory = [];
  for (let round = 0; round < Number(options.rounds) + WARM_UP; round += 1) {
    for (const lane of lanes) {
      if (round < WARM_UP) {
        await slice(lane);
      } else {
        lane.slices.push(await quietSlice(lane));
      }
    }
    if (round >= WARM_UP - 1) {
      memory.push(residentMiB(treeOf(lanes[2].pid)));
    }
  }
  lanes.forEach(({ callers }) => callers.close());
  process.exitCode = report(lanes, memory) && options.check ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(); // with all that it started

/** Vendor, bare relay and gateway, each with its sessions open. */
async function begin() {
  const vendor = start('vendor', script('live-vendor'), { folder, env: { PORT: `${PORTS.mock}` } });
  const upstream = `ws://127.0.0.1:${PORTS.mock}`;
  const relay = start('relay', script('bare-relay'), {
    folder,
    env: { PORT: `${PORTS.floor}`, UPSTREAM: upstream },
  });
  const gateway = await startGateway(folder);
  const lanes = [
    { name: 'direct', url: at(PORTS.mock), pid: vendor.pid },
    { name: 'bare relay', url: at(PORTS.floor), pid: relay.pid },
    { name: 'gateway', url: at(PORTS.gateway), pid: gateway.pid, headers: gateway.headers },
  ];
  for (const lane of lanes) {
    lane.callers = await LiveCallers.open(lane, { sessions, frameMs });
    lane.slices = [];
  }
  return lanes;
}

/** Once more when others used the machine meanwhile, and then the quietest of them. */
async function quietSlice(lane) {
  const slices = [];
  do {
    slices.push(await slice(lane));
  } while (slices.at(-1).others > MOST_OTHERS && slices.length < TRIES);
  return slices.toSorted((one, two) => one.others - two.others)[0];
}

/** All sessions of a lane speak; the others are silent meanwhile. */
async function slice({ callers, pid }) {
  await delay(200);
  const before = reading(pid);
  const latencies = (await callers.speak(seconds)).toSorted((one, two) => one - two);
  const after = reading(pid);
  const used = key => after[key] - before[key];
  return {
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    micros: (used('cpu') / latencies.length) * 1e6,
    others: (used('machine') - used('own')) / used('seconds'),
  };
}

/** All in seconds: CPU of the lane, of the benchmark with all that it started, and of the machine. */
function reading(pid) {
  return {
    cpu: cpuSeconds(treeOf(pid)),
    own: cpuSeconds(treeOf(process.pid)),
    machine: machineBusySeconds(),
    seconds: performance.now() / 1000,
  };
}

function script(name) {
  return [process.execPath, join(import.meta.dirname, `${name}.mjs`)];
}

function at(port) {
  return `ws://127.0.0.1:${port}${MODEL_PATH}`;
}

/** @returns whether something is over */
function report(lanes, memory) {
  const [direct, relay, gateway] = lanes.map(({ name, slices }) => {
    const of = key => median(slices.map(slice => slice[key]));
    return { name, p50: of('p50'), p99: of('p99'), micros: of('micros'), others: of('others') };
  });
  console.log(
    `${sessions} sessions, a frame of ${frameMs} ms each ${frameMs} ms there and back, ${options.rounds} rounds of ${seconds} s; ` +
      `medians of rounds; ${cpus().length} cores for callers, vendor and all`,
  );
  for (const { name, p50, p99, micros, others } of [direct, relay, gateway]) {
    const cpu = name === 'direct' ? ' '.repeat(18) : `${micros.toFixed(0).padStart(6)} µs CPU/frame`;
    const times = `p50 ${p50.toFixed(2).padStart(6)} ms, p99 ${p99.toFixed(2).padStart(6)} ms`;
    console.log(`${name.padEnd(10)} ${times}, ${cpu}, others used ${others.toFixed(2)} cores`);
  }
  const added = { p50: gateway.p50 - direct.p50, p99: gateway.p99 - direct.p99 };
  const ratio = gateway.micros / relay.micros;
  const middle = memory[memory.length >> 1];
  const growth = memory.at(-1) - memory[0];
  const slower = key => (gateway[key] / relay[key]).toFixed(2);
  return [
    verdict(
      `added      p50 ${added.p50.toFixed(2)} ms, p99 ${added.p99.toFixed(2)} ms`,
      added.p99,
      MOST_ADDED_MS,
    ),
    verdict(
      `× relay    ${ratio.toFixed(2)} in CPU, ${slower('p50')} in p50, ${slower('p99')} in p99`,
      ratio,
      MOST_RATIO,
    ),
    verdict(
      `memory     ${[memory[0], middle, memory.at(-1)].map(MiB => MiB.toFixed(0)).join(', ')} MiB after warm-up, in the middle, at the end`,
      growth,
      MOST_GROWTH_MIB,
    ),
  ].some(Boolean);
}

function verdict(text, figure, most) {
  const isOver = !(figure < most);
  console.log(`${text}${isOver ? `, OVER ${most}` : `, held ${most}`}`);
  return isOver;
}

function quantile(sorted, share) {
  return sorted[Math.ceil(sorted.length * share) - 1];
}
