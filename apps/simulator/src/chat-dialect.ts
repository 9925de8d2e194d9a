import type { IncomingHttpHeaders } from 'node:http';
import type { Prompt } from './answering/prompt.js';
import type { Usage } from './answering/usage.js';
import type { Plan } from './answering/script.js';
import type { JsonObject } from './json.js';
import type { Refusal } from './refusal.js';

/** A call as its dialect reads it. */
export interface ChatRequest {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: JsonObject;
}

export type { Usage } from './answering/usage.js';

/** All that a dialect needs to put an answer into its words. */
export interface Answer {
  /** Grows by one with each call. */
  readonly id: number;
  readonly request: ChatRequest;
  readonly model: string;
  /** One per choice. */
  readonly plans: readonly Plan[];
  readonly usage: Usage;
  /** `usage` is what the prompt says, not what was counted. */
  readonly isScripted: boolean;
  /** False when a fault has the vendor forget its usage. */
  readonly withUsage: boolean;
}

/** One write of a stream. */
export interface Frame {
  readonly data: string;
  /** What was generated for it, by kind; neither for the frames around the deltas. */
  readonly reasoning?: string;
  readonly answer?: string;
  /** Belongs to the ending, which a stream that ends early lacks. */
  readonly ending?: true;
}

/** One vendor's wire format, seen from the vendor's side. */
export interface ChatDialect {
  readonly vendor: string;
  /** Throws a `Refusal` for whatever the vendor would not accept, key and headers included. */
  check(request: ChatRequest): void;
  readPrompt(request: ChatRequest): Prompt;
  choices(request: ChatRequest): number;
  isStream(request: ChatRequest): boolean;
  streamType(request: ChatRequest): string;
  whole(answer: Answer): unknown;
  frames(answer: Answer): Iterable<Frame>;
  errorBody(refusal: Refusal): unknown;
  errorFrame(request: ChatRequest): string;
  responseHeaders(id: number): Readonly<Record<string, string>>;
}
