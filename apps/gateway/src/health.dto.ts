export class Health {
  /** @example ok */
  readonly status!: string;

  /**
   * Whether the Redis that limits are counted in answers; absent when none is configured. No gateway is less ready without:
   * `AI_GATEWAY_LIMITS_ON_OUTAGE` says what becomes of limits.
   *
   * @example up
   */
  readonly redis?: 'up' | 'down';
}
