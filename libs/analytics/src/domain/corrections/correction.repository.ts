import type { UsageCorrection } from './usage-correction.entity.js';

/** Storage port of the corrections of usage records. They are added, and go with their records. */
export abstract class CorrectionRepository {
  /** Adds them, at most 200 at a time, and moves the rollups of their records; those that are there already (by id) stay as they are. */
  abstract insertMany(corrections: readonly UsageCorrection[]): Promise<void>;
  /** Those of some usage records, at most 200, each chain in its order. */
  abstract findOf(usageIds: readonly string[]): Promise<UsageCorrection[]>;
  /** Of these records, which are about to be deleted. The rollups stay as they are. */
  abstract deleteOf(usageIds: readonly string[]): Promise<void>;
}
