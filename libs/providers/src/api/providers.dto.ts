import { ProviderStatus } from '../status/provider-status.entity.js';

export class ProviderPage {
  /** By id. */
  readonly data!: ProviderStatus[];
  /**
   * Pass it as `after` to get the next page; null on the last one.
   *
   * @example groq
   */
  readonly next!: string | null;
}
