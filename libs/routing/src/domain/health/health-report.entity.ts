import type { CoolingKey } from './cooling-key.entity.js';
import type { Opening } from './circuit-breaker.js';
import type { SpeedNumbers } from './speed-facts.js';
import type { AnswerKind } from './target-facts.js';

/**
 * What one gateway tells the others of targets and keys. Whatever lasts is told as the ms that remain, never as a moment:
 * clocks of gateways differ. Who reads it counts from when it came, so what is left alone is so for the way longer at
 * most (seconds), and never too short.
 */
export interface HealthReport {
  /** Id of the gateway process; a new one with each start. */
  readonly replica: string;
  /** Grows with each report of the gateway. */
  readonly version: number;
  /** Unix ms by the gateway's own clock: good for sweeping, and to tell the dead from the living at first sight. */
  readonly writtenAt: number;
  readonly facts: SharedFacts;
}

export interface SharedFacts {
  /** `owner`: the project whose own keys a target is left alone with; absent: with the gateway's. */
  readonly openings: readonly ({ readonly id: string; readonly owner?: string } & Opening)[];
  readonly keys: readonly CoolingKey[];
  /** `kind`: absent in reports of older gateways, which tell no difference. */
  readonly speeds: readonly ({ readonly id: string; readonly kind?: AnswerKind } & SpeedNumbers)[];
}
