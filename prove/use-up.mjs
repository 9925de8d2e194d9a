// Calm callers use up what is left of the hard budgets, after everything.
import { setTimeout as delay } from 'node:timers/promises';

const AT_ONCE = 24;
/** So often in a row everybody is refused, with pauses in which gateways may give back what they do not need. */
const REFUSALS = 3;
const PAUSE_MS = 2500;
const PATIENCE_MS = 90_000;

/** @throws Error when a budget is never used up */
export async function useUp({ projects }, callers) {
  const hard = projects.filter(({ budget }) => budget?.hard && budget.period === 'total');
  await Promise.all(hard.map(project => useUpOne(project, callers)));
}

async function useUpOne(project, callers) {
  const deadline = Date.now() + PATIENCE_MS;
  let refusals = 0;
  while (refusals < REFUSALS) {
    if (Date.now() > deadline) {
      throw new Error(
        `The budget '${project.name}' is not used up after ${PATIENCE_MS / 1000} s of calm calls.`,
      );
    }
    const round = await callers.calls(project, { count: AT_ONCE, atOnce: AT_ONCE });
    if (round.every(({ status }) => status === 402)) {
      refusals += 1;
      await delay(PAUSE_MS);
    } else {
      refusals = 0;
    }
  }
}
