// How long a newcomer waits for the gateway, and what it holds before anybody calls.
import { setTimeout as delay } from 'node:timers/promises';
import { residentMiB, treeOf } from './processes.mjs';
import { median } from './statistics.mjs';
import { launchGateway, untilReady } from './targets.mjs';

const STARTS = 5;
/** Long enough for the start's garbage to be collected. */
const REST_MS = 1000;

/** Each start makes its store anew. @returns median ms from the start of the process to readiness, and MiB at rest */
export async function coldStart(folder) {
  const starts = [];
  for (let index = 0; index < STARTS; index += 1) {
    const startedAt = performance.now();
    const { child } = launchGateway(folder, `cold-${index}`);
    await untilReady(child, folder, 5);
    const milliseconds = performance.now() - startedAt;
    await delay(REST_MS);
    starts.push({ milliseconds, mebibytes: residentMiB(treeOf(child.pid)) });
    const ended = new Promise(done => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
  }
  return {
    milliseconds: median(starts.map(start => start.milliseconds)),
    mebibytes: median(starts.map(start => start.mebibytes)),
  };
}
