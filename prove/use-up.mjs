// Calm callers use up what is left of the hard budgets, after everything.
import { setTimeout as delay } from 'node:timers/promises';

const AT_ONCE = 24;
/** So often in a row everybody is refused, with pauses in which gateways may give back what they do not need. */
const REFUSALS = 3;
const PAUSE_MS = 2500;
const PATIENCE_MS = 90_000;

/** @throws Error when a budget is never used up */
export async function useUp({ gateways, projects }, callers) {
  const hard = projects.filter(({ budget }) => budget?.hard);
  await Promise.all(hard.map(project => useUpOne(project, gateways, callers)));
}

async function useUpOne(project, gateways, callers) {
  const deadline = Date.now() + PATIENCE_MS;
  let refusals = 0;
  while (refusals < REFUSALS) {
    if (Date.now() > deadline) {
      throw new Error(
        `The budget '${project.name}' is not used up after ${PATIENCE_MS / 1000} s of calm calls.`,
      );
    }
    const statuses = await round(project, gateways, callers);
    if (statuses.every(status => status === 402)) {
      refusals += 1;
      await delay(PAUSE_MS);
    } else {
      refusals = 0;
    }
  }
}

function round(project, gateways, callers) {
  return Promise.all(
    Array.from({ length: AT_ONCE }, async (_none, at) => {
      const { status } = await callers.call(project, gateways[at % gateways.length], { hurried: true });
      return status;
    }),
  );
}
