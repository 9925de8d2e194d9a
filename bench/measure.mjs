// The method: slices of all targets interleaved, each between two calibration loads, its CPU divided by how slow the
// machine was at that moment.
import { setTimeout as delay } from 'node:timers/promises';
import { load } from './load.mjs';
import { cpuSeconds, machineBusySeconds, residentMiB, treeOf } from './processes.mjs';

/** A slice is taken again when the machine was this much slower than its fastest moment … */
const MAX_SLOWNESS = 1.35;
/** … or when other processes used more than this many cores. */
const MAX_FOREIGN_CORES = 0.2;
const CALIBRATION = {
  name: 'calibration',
  bytes: 1024,
  connections: 64,
  stream: false,
  model: 'gpt-4o-mini',
};

/** A fixed piece of socket work, straight to the mock, as a measure of how fast this machine is right now. */
export class Calibration {
  fastest = Number.POSITIVE_INFINITY;

  constructor(mock, folder) {
    this.mock = mock;
    this.folder = folder;
  }

  /** CPU seconds per request of the load generator. */
  async cost() {
    const { cpu_s, ok } = await load(this.mock, CALIBRATION, {
      folder: this.folder,
      seconds: 2,
      requests: 6000,
    });
    const cost = cpu_s / ok;
    this.fastest = Math.min(this.fastest, cost);
    return cost;
  }

  async settle() {
    for (let round = 0; round < 5; round += 1) {
      await this.cost();
    }
  }
}

/** All slices of one scenario, by target name. */
export async function measureScenario(scenario, targets, { settings, mock, calibration, folder }) {
  const slices = new Map(targets.map(({ name }) => [name, []]));
  for (const target of targets) {
    // Compiler and heap need thousands of requests to settle, so warming up goes by time.
    await load(target, scenario, { folder, seconds: settings.warmSeconds });
  }
  for (let round = 0; round < settings.rounds; round += 1) {
    // Every other round goes backwards, so that no target always follows the same one.
    for (const target of round % 2 === 0 ? targets : targets.toReversed()) {
      const slice = await bestSlice(target, scenario, { settings, mock, calibration, folder });
      slices.get(target.name).push({ ...slice, round });
    }
  }
  for (const slice of [...slices.values()].flat()) {
    slice.cpuMicros = (slice.rawCpuMicros * calibration.fastest) / slice.cost;
    slice.slowness = slice.cost / calibration.fastest;
  }
  return slices;
}

/** The first slice taken in peace, or the least disturbed one. */
async function bestSlice(target, scenario, context) {
  let best;
  for (let attempt = 0; attempt < context.settings.tries; attempt += 1) {
    const slice = await takeSlice(target, scenario, context);
    best = best === undefined || slice.cost < best.cost ? slice : best;
    const isCalm = best.foreignCores <= MAX_FOREIGN_CORES;
    if (isCalm && best.cost <= context.calibration.fastest * MAX_SLOWNESS) {
      break;
    }
    await delay(400);
  }
  return best;
}

async function takeSlice(target, scenario, { settings, mock, calibration, folder }) {
  const pids = treeOf(target.pid);
  // A process that sat idle first pays for cold caches and pages; that is not counted.
  await load(target, scenario, { folder, seconds: 0.3 });
  const costBefore = await calibration.cost();
  const before = usage(pids, mock);
  const result = await load(target, scenario, { folder, seconds: settings.seconds });
  const after = usage(pids, mock);
  const costAfter = await calibration.cost();
  const cpu = after.target - before.target;
  const own = cpu + (after.mock - before.mock) + result.cpu_s;
  const answered = result.ok + result.bad || 1;
  return {
    ...result,
    cost: (costBefore + costAfter) / 2,
    rawCpuMicros: (cpu / answered) * 1e6,
    foreignCores: (after.busy - before.busy - own) / (after.seconds - before.seconds),
    rssMiB: residentMiB(pids),
  };
}

function usage(pids, mock) {
  return {
    seconds: performance.now() / 1000,
    busy: machineBusySeconds(),
    target: cpuSeconds(pids),
    mock: cpuSeconds([mock.pid]),
  };
}
