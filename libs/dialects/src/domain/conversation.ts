import type { CacheMark, DialectId, Part } from './part.js';

/** A request for text, in no vendor's words. Readers make it from a wire body, writers make a wire body from it. */
export interface GenerationRequest {
  /** As the caller spelled it, e.g. `anthropic/claude-sonnet-5` or `gpt-5`. */
  readonly model: string;
  readonly turns: readonly Turn[];
  readonly tools: ToolSettings;
  readonly settings: Settings;
  readonly stream: boolean;
  /** The caller asked to see usage in its stream. Vendors are always asked. */
  readonly streamUsage: boolean;
  /** Request fields that only the caller's dialect knows, verbatim by wire name; other dialects report them lost. */
  readonly native: NativeFields;
}

export interface NativeFields {
  readonly dialect: DialectId;
  readonly fields: Readonly<Record<string, unknown>>;
  /**
   * Wire names the caller chose where its dialect has two for one thing, by canonical name, e.g.
   * `{maxOutputTokens: 'max_tokens'}`. Only a writer of the same dialect cares.
   */
  readonly spelling?: Readonly<Record<string, string>>;
  /**
   * What the `native` of turns, parts and tools holds, named as in `messages.content.caller` or `tools.defer_loading`:
   * other dialects report it lost.
   */
  readonly members?: readonly string[];
  /** The whole body, where its dialect is written back from it. Stale as soon as turns, tools or settings are changed. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/**
 * One turn. `system` and `developer` keep their place, so that a late instruction is never hoisted to the top.
 * A `tool` turn holds tool results only.
 */
export interface Turn {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  readonly parts: readonly Part[];
  /** Participant name (chat `name`). */
  readonly name?: string;
  /** Fields of the message that only the caller's dialect knows, verbatim. */
  readonly native?: Readonly<Record<string, unknown>>;
}

export interface ToolSettings {
  readonly list: readonly Tool[];
  readonly choice?: ToolChoice;
  /** False forbids several calls in one turn. */
  readonly parallel?: boolean;
}

export type Tool = FunctionTool | CustomTool | HostedTool;

export interface FunctionTool {
  readonly kind: 'function';
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments; absent = no arguments. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Absent when the caller did not say. Never invented. */
  readonly strict?: boolean;
  readonly cache?: CacheMark;
  /** Absent when it stands alone. */
  readonly group?: ToolGroup;
  /** Fields that only the caller's dialect knows, verbatim, for a vendor that speaks it too. */
  readonly native?: Readonly<Record<string, unknown>>;
}

/** Where a tool stands for its caller (Responses `namespace`), and its name there; its own is the one for vendors. */
export interface ToolGroup {
  readonly namespace: string;
  readonly name: string;
}

/** A tool whose input is free text, perhaps under a grammar (OpenAI `custom`). */
export interface CustomTool {
  readonly kind: 'custom';
  readonly name: string;
  readonly description?: string;
  readonly format?: unknown;
  /** Absent when it stands alone. */
  readonly group?: ToolGroup;
  /** Fields that only the caller's dialect knows, verbatim, for a vendor that speaks it too. */
  readonly native?: Readonly<Record<string, unknown>>;
}

/** A tool that the vendor runs itself (web search, code execution, …), verbatim in the caller's dialect. */
export interface HostedTool {
  readonly kind: 'hosted';
  readonly dialect: DialectId;
  /** The wire type, for messages: `web_search`, `googleSearch`, … */
  readonly type: string;
  readonly value: unknown;
}

export type ToolChoice =
  | { readonly kind: 'auto' | 'none' | 'required' }
  | { readonly kind: 'named'; readonly name: string; readonly custom?: boolean }
  /** Only these tools, `auto` or `required`. `hosted` holds entries that are no function, verbatim. */
  | {
      readonly kind: 'allowed';
      readonly mode: 'auto' | 'required';
      readonly tools: readonly { readonly name: string; readonly custom?: boolean }[];
      readonly hosted?: readonly unknown[];
    };

export interface Settings {
  /** Upper bound of output tokens, reasoning included. */
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stop?: readonly string[];
  /** May be a raw JSON number beyond 2⁵³; see `exact-json.ts`. */
  readonly seed?: unknown;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly logitBias?: Readonly<Record<string, number>>;
  readonly logprobs?: boolean;
  readonly topLogprobs?: number;
  /** Alternative answers wanted (`n`, `candidateCount`); absent = one. */
  readonly choices?: number;
  readonly reasoning?: ReasoningSettings;
  readonly verbosity?: string;
  readonly format?: ResponseFormat;
  /** Output kinds wanted, in OpenAI's words: `text`, `audio`, `image`. */
  readonly modalities?: readonly string[];
  readonly serviceTier?: string;
  /** End-user id for the vendor's abuse checks. */
  readonly user?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Keep the answer at the vendor. */
  readonly store?: boolean;
  readonly promptCacheKey?: string;
}

/** Effort is the common currency (PROTOCOLS 0, row 6); a token budget is what older models take. */
export interface ReasoningSettings {
  /** `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`, or a word newer than this gateway. */
  readonly effort?: string;
  /** Tokens. */
  readonly budget?: number;
  /** Show the reasoning, or its summary, to the caller: `auto`, `concise`, `detailed`, `omitted`. */
  readonly summary?: string;
}

export type ResponseFormat =
  | { readonly kind: 'text' }
  /** Any JSON object. */
  | { readonly kind: 'json' }
  | {
      readonly kind: 'json-schema';
      readonly name: string;
      readonly schema?: Readonly<Record<string, unknown>>;
      readonly strict?: boolean;
      readonly description?: string;
    };
