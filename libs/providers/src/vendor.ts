import type {
  DialectId,
  EmbeddingVendor,
  ImageTask,
  LiveDialect,
  ModerationVendor,
  Quirks,
  RerankVendor,
  SpeechVendor,
  TranscriptionVendor,
  VendorDialect,
} from '@app/dialects';

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
  /** It has an address for each region; `baseUrl` is that of the usual one. */
  readonly region?: Region;
  /** What its models speak, and the list of them. */
  readonly dialect: VendorDialect;
  /** For a vendor of several dialects: which of them a call goes out in, by the model and by what the caller speaks. */
  readonly dialectFor?: (model: string, spoken?: DialectId) => VendorDialect;
  /** Takes the calls that the dialect above cannot carry. */
  readonly secondDialect?: VendorDialect;
  /** The header that carries the key. */
  readonly credentials: (apiKey: string) => Readonly<Record<string, string>>;
  /**
   * Keys that are not shown themselves but buy tokens, which `credentials` shows in their place. `{project}` in the
   * address is the key's project.
   */
  readonly tokens?: (apiKey: string) => TokenGrant;
  /** Usual names of the variable that holds the key; the first one set counts. */
  readonly apiKeyEnv: readonly string[];
  /** Usual name of the variable that holds the path of a file with the key. */
  readonly apiKeyFileEnv?: string;
  /** Bare model names that belong to this vendor, also those newer than this gateway. */
  readonly models: readonly RegExp[];
  readonly quirks: Quirks;
  /** Where others' models are served: how their maker would name one, `anthropic/claude-opus-5`. */
  readonly originOf?: (model: string) => string;
  /** Which of OpenAI's audio endpoints there are (`/audio/transcriptions`, …). */
  readonly audioTasks?: readonly AudioTask[];
  /** How it hears recordings; what is absent, nobody knows. */
  readonly hearing?: Hearing;
  /** Models whose speech may be asked for in events (`stream_format: sse`), which tell what it used; of others nobody knows that. */
  readonly speechInEvents?: RegExp;
  /** How it takes the tasks that it offers besides chat. */
  readonly tasks?: VendorTasks;
  /** It has no chat: nothing but its tasks can be asked of it. */
  readonly tasksOnly?: boolean;
  /** Which of OpenAI's image endpoints there are (`/images/generations`, …). */
  readonly imageTasks?: readonly ImageTask[];
  /** How one talks with its models while both sides speak; absent: not at all. */
  readonly live?: LiveDialect;
  /** Answers without a key (a server of one's own). Configured as soon as its address is. */
  readonly keyless?: boolean;
  /** Its models cannot be listed at the dialect's usual place, or what is listed there cannot be called. */
  readonly unlisted?: boolean;
  /** It understands `models`, `provider` and the endings of model names itself: they go on to it. */
  readonly routesItself?: boolean;
  /** It lists its models to anybody: an answer proves nothing about a key. */
  readonly listsToAnybody?: boolean;
}

/** Questions with one whole answer and no conversation; what a vendor does not offer is absent. */
export interface VendorTasks {
  readonly embeddings?: EmbeddingVendor;
  readonly moderation?: ModerationVendor;
  readonly rerank?: RerankVendor;
  /** Where its endpoints are not OpenAI's. */
  readonly transcription?: TranscriptionVendor;
  readonly speech?: SpeechVendor;
}

/** What it takes of one recording at most, as it publishes that for the widest of its plans, and what its models do not tell of it. */
export interface Hearing {
  readonly bytes?: number;
  /** Of the models that have such a limit; the first that fits counts. */
  readonly seconds?: readonly { readonly models: RegExp; readonly most: number }[];
  /** Models that do not tell when a word was said. */
  readonly untimed?: RegExp;
  /** Models that do not tell who said it. */
  readonly speakerless?: RegExp;
  /** Models that do not tell how sure they are of a word (`include[]=logprobs`). */
  readonly unsure?: RegExp;
}

/** As the path of its endpoint ends. */
export const AUDIO_TASKS = ['transcriptions', 'translations', 'speech'] as const;
export type AudioTask = (typeof AUDIO_TASKS)[number];

/** Where a region is named, and what that makes of the address. */
export interface Region {
  /** Usual names of the variable; the first one set counts. */
  readonly variables: readonly string[];
  readonly baseUrl: (region: string) => string;
}

/** What one key buys tokens with. */
export interface TokenGrant {
  /** Where they are sold. */
  readonly url: string;
  readonly project: string;
  /** What is posted there. @param now Unix ms */
  form(now: number): URLSearchParams;
}

/** Where a vendor is reached and with which headers. */
export interface VendorEndpoint {
  readonly baseUrl: string;
  /** The key in `headers`, to be taken out of whatever the vendor says; `''` for none. */
  readonly apiKey: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The vendor's own address, and one key (`''`: none is needed). */
export function endpointWith({ baseUrl, credentials }: Vendor, apiKey: string): VendorEndpoint {
  return { baseUrl, apiKey, headers: apiKey === '' ? {} : credentials(apiKey) };
}

export const bearer = (apiKey: string): Record<string, string> => ({ authorization: `Bearer ${apiKey}` });
