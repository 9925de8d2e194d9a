import type { Finish, FinishReason } from './finish-reason.js';
import type { Citation, DialectId, MediaPart, NativePart, Part, Signature } from './part.js';
import { isMeant, type Usage } from './usage.js';

/** A whole answer, in no vendor's words. */
export interface Answer {
  /** The vendor's id of the answer; empty when it gave none. */
  readonly id: string;
  /** The model that answered, as the vendor names it; empty when it gave none. */
  readonly model: string;
  /** Unix seconds, where the vendor tells. */
  readonly created?: number;
  readonly choices: readonly Choice[];
  /** Null when the vendor reported none. */
  readonly usage: Usage | null;
  readonly serviceTier?: string;
  /** Answer fields that only the vendor's dialect knows, verbatim. */
  readonly native?: NativeMembers;
}

export interface NativeMembers {
  readonly dialect: DialectId;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Choice {
  readonly index: number;
  readonly parts: readonly Part[];
  readonly finish: Finish;
  readonly logprobs?: Logprobs;
  /** Members that only the vendor's dialect knows, verbatim. */
  readonly native?: NativeMembers;
}

/** What the ledger wants of an answer. */
export interface AnswerSummary {
  readonly id: string;
  readonly model: string;
  /** Of the first choice; null when there is none. */
  readonly finish: FinishReason | null;
  readonly usage: Usage | null;
}

export function summaryOf({ id, model, choices, usage }: Answer): AnswerSummary {
  return { id, model, finish: choices[0]?.finish.reason ?? null, usage };
}

/** In OpenAI chat's shape, which is the richest: `{content: [{token, logprob, bytes, top_logprobs}], refusal}`. */
export interface Logprobs {
  readonly content?: readonly unknown[] | null;
  readonly refusal?: readonly unknown[] | null;
}

/**
 * One step of a streamed answer. Grammar, per choice: content events in any order; `tool-arguments` only between the
 * `tool-start` and `tool-end` of its `tool`; then one `finish`. Per stream: `start` first, `usage` any number of times
 * (each replaces the one before), and exactly one of `end` or `error` last. `choice` counts from 0, `tool` from 0
 * within its choice in order of first appearance.
 */
export type StreamEvent =
  | { readonly kind: 'start'; readonly id: string; readonly model: string; readonly created?: number }
  | { readonly kind: 'text'; readonly choice: number; readonly text: string; readonly logprobs?: Logprobs }
  | { readonly kind: 'refusal'; readonly choice: number; readonly text: string; readonly logprobs?: Logprobs }
  /** `block` numbers the reasoning blocks of a choice: a new number starts a new block. */
  | { readonly kind: 'reasoning'; readonly choice: number; readonly block: number; readonly text: string }
  /** Signature of a reasoning block; opens the block when it comes without text. `redacted`: only ciphertext is known. */
  | {
      readonly kind: 'signature';
      readonly choice: number;
      readonly block: number;
      readonly signature: Signature;
      readonly redacted?: boolean;
    }
  | {
      readonly kind: 'tool-start';
      readonly choice: number;
      readonly tool: number;
      readonly id: string;
      readonly name: string;
      readonly custom?: boolean;
      readonly namespace?: string;
      readonly signature?: Signature;
    }
  | {
      readonly kind: 'tool-arguments';
      readonly choice: number;
      readonly tool: number;
      readonly delta: string;
    }
  | { readonly kind: 'tool-end'; readonly choice: number; readonly tool: number }
  | { readonly kind: 'citation'; readonly choice: number; readonly citation: Citation }
  | { readonly kind: 'media'; readonly choice: number; readonly part: MediaPart }
  /** A piece only its own dialect understands; others skip it. */
  | { readonly kind: 'native'; readonly choice: number; readonly part: NativePart }
  /** What stands beside the choices and only its own dialect understands; told to callers of that dialect alone. */
  | { readonly kind: 'members'; readonly members: Readonly<Record<string, unknown>> }
  | { readonly kind: 'finish'; readonly choice: number; readonly finish: Finish }
  | { readonly kind: 'usage'; readonly usage: Usage }
  /** What the vendor told last of its usage cannot be meant: it is as if it had told none. For whoever meters; no dialect says it. */
  | { readonly kind: 'no-usage' }
  /** The vendor's terminal event was seen. */
  | { readonly kind: 'end' }
  /** The vendor reported an error, or its body ended without the terminal event. Nothing follows. */
  | {
      readonly kind: 'error';
      readonly message: string;
      readonly code: string | null;
      readonly status: number | null;
    };

/** Tells of a usage as its reader read it, meant or not. */
export function tellUsage(usage: Usage, out: StreamEvent[]): void {
  out.push(isMeant(usage) ? { kind: 'usage', usage } : { kind: 'no-usage' });
}
