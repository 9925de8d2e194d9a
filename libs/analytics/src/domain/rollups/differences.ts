import type { Difference, Mending } from './rollup.repository.js';
import { NO_TIMES, sameTimes } from './call-times.js';
import { NOTHING, sameSums, type UsageHour } from './usage-hour.js';

/** Where the rollups of an hour say something else than its ledger. */
export function differences(rollups: readonly UsageHour[], ledger: readonly UsageHour[]): Difference[] {
  const told = new Map(rollups.map(rollup => [rollup.id, rollup]));
  const wrong: Difference[] = [];
  for (const hour of ledger) {
    const rollup = told.get(hour.id) ?? null;
    told.delete(hour.id);
    if (!rollup || !isSame(rollup, hour)) {
      wrong.push({ told: rollup, ledger: hour });
    }
  }
  for (const rollup of told.values()) {
    const nothing = { ...rollup, ...NOTHING, times: NO_TIMES };
    if (!isSame(rollup, nothing)) {
      wrong.push({ told: rollup, ledger: nothing });
    }
  }
  return wrong;
}

/** @param replace false when it has changed meanwhile */
export async function mendEach(
  found: readonly Difference[],
  replace: (difference: Difference) => Promise<boolean>,
): Promise<Mending> {
  const mended: Difference[] = [];
  for (const difference of found) {
    if (await replace(difference)) {
      mended.push(difference);
    }
  }
  return { differences: mended, isDone: mended.length === found.length };
}

export function mendedTogether(mendings: readonly Mending[]): Mending {
  return {
    differences: mendings.flatMap(({ differences: found }) => found),
    isDone: mendings.every(({ isDone }) => isDone),
  };
}

function isSame(a: UsageHour, b: UsageHour): boolean {
  return sameSums(a, b) && sameTimes(a.times, b.times);
}
