/**
 * What a usage record should have cost by other prices, or what a call did cost that nobody measured. The record stays as it is; its corrections make a chain, each from where
 * the one before ended, so that a record's cost and all its differences add up to what it costs now.
 */
export class UsageCorrection {
  /**
   * Made of the record's id and the place in its chain: of two that are made at once, the store takes one.
   *
   * @example 01936f5a-7c1e-8a1b-8f00-0123456789ab
   */
  readonly id!: string;
  /**
   * Its usage record.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly usageId!: string;
  /**
   * Place in the chain, from 1.
   *
   * @example 1
   */
  readonly number!: number;
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly projectId!: string;
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly keyId!: string;
  /** @example openai */
  readonly provider!: string | null;
  /** @example gpt-5-mini */
  readonly model!: string | null;
  /**
   * The prices of the cost before; null when it had none.
   *
   * @example 0.1.8+2
   */
  readonly fromVersion!: string | null;
  /**
   * The prices of the cost from now on; `settled` when an administrator said what the call cost.
   *
   * @example 0.1.8+3
   */
  readonly toVersion!: string;
  /**
   * The cost from now on, in billionths of a US dollar.
   *
   * @example 120000
   */
  readonly costNanoUsd!: number;
  /**
   * What that is more than before; a cost that was not known counts as 0.
   *
   * @example -6000
   */
  readonly differenceNanoUsd!: number;
  /**
   * Id of the admin user who made it.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly authorId!: string;
  /** @example Ada */
  readonly authorName!: string;
  /**
   * When its call arrived: Unix ms.
   *
   * @example 1764066030456
   */
  readonly receivedAt!: number;
  /**
   * When it was made: Unix ms.
   *
   * @example 1764066030456
   */
  readonly createdAt!: number;
}
