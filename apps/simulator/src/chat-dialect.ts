import type { IncomingHttpHeaders } from 'node:http';
import type { InputTokens } from './answering/prompt-cache.js';
import type { Prompt } from './answering/prompt.js';
import type { Plan } from './answering/script.js';
import type { JsonObject } from './json.js';
import type { Refusal } from './refusal.js';

/** A call as its dialect reads it. */
export interface ChatRequest {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: JsonObject;
}

/** Tokens of one call; `input` includes the cached, `output` the reasoning. */
export interface Usage extends InputTokens {
  readonly output: number;
  readonly reasoning: number;
}

/** All that a dialect needs to put an answer into its words. */
export interface Answer {
  /** Grows by one with each call. */
  readonly id: number;
  readonly request: ChatRequest;
  readonly model: string;
  /** One per choice. */
  readonly plans: readonly Plan[];
  readonly usage: Usage;
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
