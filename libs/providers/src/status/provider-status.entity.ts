/** What the gateway knows of a vendor. */
export class ProviderStatus {
  /** @example groq */
  readonly id!: string;
  /** @example Groq */
  readonly name!: string;
  /**
   * Where it is asked; credentials and query are left out.
   * @example https://api.groq.com/openai/v1
   */
  readonly baseUrl!: string;
  /** The gateway can call it for projects without a key of their own. */
  readonly configured!: boolean;
  /**
   * Who has a key: the gateway or none. Projects may have their own all the same, and a server of one's own needs none.
   * @example gateway
   */
  readonly key!: 'gateway' | 'none';
  /**
   * It listed its models when it was last asked. Null when nobody asked: it is not configured, or has no list of models
   * that can be called (Cohere, Perplexity, deployments of Azure), and any other question would cost money.
   */
  readonly reachable!: boolean | null;
  /**
   * Why it is not reachable, in words.
   * @example The vendor cannot be reached. Check its address and network, or try again.
   */
  readonly lastError!: string | null;
  /**
   * When it was last asked.
   * @example 2026-11-25T10:00:00.000Z
   */
  readonly checkedAt!: string | null;
}
