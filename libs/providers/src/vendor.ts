import type { Quirks, VendorDialect } from '@app/dialects';

/** An LLM vendor is data: an address, a dialect, a way to show the key, and what it does differently. */
export interface Vendor {
  /** As in `vendor/model`, e.g. `openai`. */
  readonly id: string;
  readonly name: string;
  /**
   * What the vendor's own SDK takes: OpenAI-compatible ones with `/v1`, Anthropic's and Google's without a version. It may
   * hold `{model}` and a query: see `vendorUrl`.
   */
  readonly baseUrl: string;
  /** Every customer has an address of their own; `baseUrl` shows its form, and nothing is sent there. */
  readonly needsAddress?: boolean;
  readonly dialect: VendorDialect;
  /** The header that carries the key. */
  readonly credentials: (apiKey: string) => Readonly<Record<string, string>>;
  /** Usual names of the variable that holds the key; the first one set counts. */
  readonly apiKeyEnv: readonly string[];
  /** Bare model names that belong to this vendor, also those newer than this gateway. */
  readonly models: readonly RegExp[];
  readonly quirks: Quirks;
  /** Path of an OpenAI-shaped transcription endpoint, where there is one. */
  readonly transcriptionPath?: string;
  /** Answers without a key (a server of one's own). Configured as soon as its address is. */
  readonly keyless?: boolean;
  /** Its models cannot be listed at the dialect's usual place, or what is listed there cannot be called. */
  readonly unlisted?: boolean;
  /** It lists its models to anybody: an answer proves nothing about a key. */
  readonly listsToAnybody?: boolean;
}

/** Where a vendor is reached and with which headers. */
export interface VendorEndpoint {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The vendor's own address, and one key (`''`: none is needed). */
export function endpointWith({ baseUrl, credentials }: Vendor, apiKey: string): VendorEndpoint {
  return { baseUrl, headers: apiKey === '' ? {} : credentials(apiKey) };
}

export const bearer = (apiKey: string): Record<string, string> => ({ authorization: `Bearer ${apiKey}` });
