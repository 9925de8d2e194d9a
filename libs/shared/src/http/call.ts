import type { CacheUse } from './cache-headers.js';
import type { CallTrace } from './call-trace.js';
import type { CallLabels } from './call-labels.js';
import type { HistoryWindow } from './history-header.js';
import type { PromptPass } from './prompt-passes.js';
import type { RoutingHeaders } from './routing-headers.js';

/** How a realtime session is to be, in OpenAI's words. */
export interface LiveConfig {
  readonly type: 'realtime' | 'transcription';
  readonly [field: string]: unknown;
}

/** One request of a project, from the moment its key was accepted. */
export interface Call {
  /** UUIDv7: ledger key, `x-request-id`, look-up id. */
  readonly id: string;
  readonly projectId: string;
  readonly keyId: string;
  /** Unix ms. */
  readonly receivedAt: number;
  /** Monotonic ms (`performance.now`), for durations. */
  readonly startedAt: number;
  /** The project or the caller's header asks that nothing be lost silently. */
  readonly strict: boolean;
  /** `x_llmhub` goes into bodies. */
  readonly annotate: boolean;
  /** Bytes a JSON body may have. */
  readonly bodyLimitBytes: number;
  /** Bytes an uploaded file may have. */
  readonly fileLimitBytes: number;
  /** Model of a chat that names none. */
  readonly defaultChatModel: string | null;
  /** Model of a transcription that names none. */
  readonly defaultTranscriptionModel: string | null;
  /** What of the vendors' offers is open to the call; null when everything is. */
  readonly permission: RoutePermission | null;
  /** What the caller's headers ask of routing; null for nothing. */
  readonly routing: RoutingHeaders | null;
  /** What the cache of answers has to do with it; null for nothing. */
  readonly cache: CacheUse | null;
  /** What that has to do with transcriptions; absent, as nearly always: nothing, whatever is kept of others. */
  readonly transcriptionCache?: CacheUse;
  /** For how many days a transcription is on record, and whether with its text; absent, as nearly always: it is not. */
  readonly transcriptionHistory?: { readonly days: number; readonly text: boolean };
  /** For how many days responses and conversations of it are kept; absent, as nearly always: as long as the gateway keeps them. */
  readonly responseDays?: number;
  /** Whom and what its headers say that it is for; absent, as nearly always: nothing. */
  readonly labels?: CallLabels;
  /** What is left of the project's requests; null when they are not limited. */
  readonly quota: Quota | null;
  /** What limits the tokens of the call; null when nothing does. */
  readonly tokens: TokenAllowance | null;
  /**
   * Takes another request off those of the minute, for what a session asks of a vendor by itself. Absent where they are not limited.
   *
   * @throws GatewayError (429, 503)
   */
  readonly countRequest?: () => Promise<void>;
  /** Aborted when the caller leaves, or the gateway stops. */
  readonly signal: AbortSignal;
  /** Work that goes on when the caller has its answer: until it is done, the call counts as open. Absent where that is not limited. */
  readonly staysFor?: (work: Promise<unknown>) => void;
  /** What may be done to its prompt so that it costs less; absent, as nearly always: nothing. */
  readonly promptPasses?: readonly PromptPass[];
  /** How much of the conversation is sent on; absent, as nearly always: all of it. */
  readonly history?: HistoryWindow;
  /** How long its caller can wait for the answer, in ms; absent, as nearly always: it is wanted now. */
  readonly deadlineMs?: number;
  /**
   * How long a vendor may be silent before another one is asked, in ms, where its policy says nothing of that: until a whole answer is
   * there, or a stream begins, and between two pieces of a stream; absent, as nearly always: as long as the gateway allows.
   */
  readonly silenceMs?: number;
  /** What its ephemeral key was made for: a realtime session, and nothing else; absent, as nearly always: any key but that. */
  readonly liveConfig?: LiveConfig;
  /** Where its spans belong; absent, unless traces are told to a collector. */
  readonly trace?: CallTrace;
  /** Hears which meter the call gets; absent, as nearly always: nobody asks. */
  readonly metered?: (meter: MeterReading) => void;
}

/** Tokens of a project, or of a key, of which there may be so many a minute. */
export interface TokenAllowance {
  /**
   * Takes so many off before a vendor is asked.
   *
   * @param tokens input and output
   * @param guess tokens that it may use besides. Nothing is refused for good because of them: what is more than the quota leaves is
   * not taken off
   * @throws GatewayError (429, 503)
   */
  hold(tokens: number, guess: number): TokenHold | Promise<TokenHold>;
}

/** What is held for a call. */
export interface TokenHold {
  /** The quota that has least left, in tokens; null when none limits them. */
  readonly quota: Quota | null;

  /**
   * Puts what was used in the place of what was held: what is left over comes back at once, and what was used beyond it counts from
   * now on. Only the first word counts.
   *
   * @param used tokens, input and output; null when nobody knows, and the hold stays what it is
   */
  settle(used: number | null): void;
}

/** What the meter of a call knows so far. */
export interface MeterReading {
  readonly endpoint: string;
  readonly modelAsked: string;
  readonly endUser: string | null;
  readonly provider: string | null;
  readonly modelUsed: string | null;
  readonly stream: boolean;
  /** Null until it is closed. Whoever ends an answer otherwise than in order closes it before. */
  readonly outcome: string | null;
}

export interface RoutePermission {
  /** Some models of a vendor may be closed to the call, others of the same vendor open. */
  readonly limitsModels: boolean;
  /** The key may do less than its project. */
  readonly limitsKey: boolean;
  /** Whether any model of the vendor may be open to the call. @param vendor id */
  allowsVendor(vendor: string): boolean;
  /** @param model the vendor's own name of it */
  allows(vendor: string, model: string): boolean;
  /**
   * @param vendor id
   * @param model the vendor's own name of it
   * @throws GatewayError (403) naming what is open to the call
   */
  assertRoute(vendor: string, model: string): void;
  /** Whether the call may use a policy whatever models it stands for: its name is among what is open, to the letter. */
  allowsPolicy(name: string): boolean;
  /**
   * Of a target of such a policy.
   *
   * @param vendor id
   * @throws GatewayError (403) naming which vendors are open to the call
   */
  assertTarget(vendor: string): void;
  /** Whether every model of the vendor is open to the call. @param vendor id */
  allowsAll(vendor: string): boolean;
  /**
   * For what the vendor offers besides models, or for a model that nobody can tell before the call.
   *
   * @param vendor id
   * @throws GatewayError (403) unless every model of the vendor is open to the call
   */
  assertVendor(vendor: string): void;
}

/** Requests, or tokens, of a project or of a key, at the moment a call was let in. */
export interface Quota {
  /** So many a minute. */
  readonly limit: number;
  readonly remaining: number;
  /** Until all of them are back, in ms. */
  readonly resetMs: number;
}

/** The quota in the headers that OpenAI's clients read. */
export function quotaHeaders(
  { limit, remaining, resetMs }: Quota,
  of: 'requests' | 'tokens' = 'requests',
): Record<string, string> {
  return {
    [`x-ratelimit-limit-${of}`]: String(limit),
    [`x-ratelimit-remaining-${of}`]: String(remaining),
    [`x-ratelimit-reset-${of}`]: `${Math.ceil(resetMs)}ms`,
  };
}
