import type { Difference } from './rollup.repository.js';
import { NOTHING, sameSums, type UsageHour } from './usage-hour.js';

/** Where the rollups of an hour say something else than its ledger. */
export function differences(rollups: readonly UsageHour[], ledger: readonly UsageHour[]): Difference[] {
  const told = new Map(rollups.map(rollup => [rollup.id, rollup]));
  const wrong: Difference[] = [];
  for (const hour of ledger) {
    const rollup = told.get(hour.id) ?? null;
    told.delete(hour.id);
    if (!rollup || !sameSums(rollup, hour)) {
      wrong.push({ told: rollup, ledger: hour });
    }
  }
  for (const rollup of told.values()) {
    if (!sameSums(rollup, NOTHING)) {
      wrong.push({ told: rollup, ledger: { ...rollup, ...NOTHING } });
    }
  }
  return wrong;
}
