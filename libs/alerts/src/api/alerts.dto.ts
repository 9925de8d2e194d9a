import { IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import { Alert, ALERT_OPTIONS, AlertTarget } from '../domain/alert.entity.js';

const REQUIRED = ['name', 'condition', 'thresholds'] as const;
const CHANGEABLE = ['name', 'thresholds', 'windowMinutes', 'minCalls', 'format', 'enabled'] as const;
/** What may be left out may not be null, but for what may be null itself. */
const AS_IT_IS = { skipNullProperties: false };

export class CreateAlert extends IntersectionType(
  IntersectionType(PickType(Alert, REQUIRED), PartialType(PickType(Alert, ALERT_OPTIONS), AS_IT_IS)),
  IntersectionType(PickType(AlertTarget, ['url']), PartialType(PickType(AlertTarget, ['secret']), AS_IT_IS)),
) {}

export class UpdateAlert extends IntersectionType(
  PartialType(PickType(Alert, CHANGEABLE), AS_IT_IS),
  PartialType(AlertTarget, AS_IT_IS),
) {}

export class AlertPage {
  /** Oldest first. */
  readonly data!: Alert[];
  /**
   * Pass it as `after` to get the next page; null on the last one.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly next!: string | null;
}

/** A threshold that is reached. */
export class FiringView {
  /**
   * What it is about.
   *
   * @example openai
   */
  readonly subject!: string;

  /**
   * The same as people read it.
   *
   * @example Vendor openai fails (openai/gpt-5-mini)
   */
  readonly about!: string;

  /** @example 1 */
  readonly threshold!: number;

  /**
   * ISO 8601, UTC.
   *
   * @example 2026-11-28T10:20:30.456Z
   */
  readonly since!: string;
}

/** What waits to be told. */
export class DeliveryView {
  /**
   * `webhook-id` of all its attempts.
   *
   * @example msg_01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly id!: string;

  /** @example firing */
  readonly type!: 'firing' | 'resolved';

  /**
   * What it is about.
   *
   * @example openai
   */
  readonly subject!: string;

  /** @example 1 */
  readonly threshold!: number;

  /**
   * Attempts until now.
   *
   * @example 2
   */
  readonly attempts!: number;

  /**
   * Why the last one failed; null: none has.
   *
   * @example The receiver answered 500.
   */
  readonly failure!: string | null;

  /**
   * When it is tried again, ISO 8601, UTC.
   *
   * @example 2026-11-28T10:20:35.456Z
   */
  readonly nextAt!: string;
}

export class AlertStateView {
  readonly firing!: FiringView[];
  /** Oldest first: they are told in this order. */
  readonly due!: DeliveryView[];
}

/** What came of a test. */
export class AlertTest {
  /**
   * The receiver took it, with a status of 2xx.
   *
   * @example true
   */
  readonly delivered!: boolean;

  /**
   * Status of the receiver's answer; null when there was none.
   *
   * @example 204
   */
  readonly status!: number | null;

  /**
   * Why it was not delivered; null: it was.
   *
   * @example The receiver answered 500.
   */
  readonly failure!: string | null;
}
