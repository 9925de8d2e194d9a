import type { HealthReport } from './health-report.entity.js';

/** Storage port of what gateways tell each other: one record for each, replaced by its next. */
export abstract class HealthFactsRepository {
  /** Replaces the report of that gateway. */
  abstract put(report: HealthReport): Promise<void>;
  /** The reports of all other gateways, at most `limit`, latest first. */
  abstract findOthers(replica: string, limit: number): Promise<HealthReport[]>;
  /** Deletes what was written before then (Unix ms). */
  abstract deleteBefore(writtenAt: number): Promise<void>;
}
