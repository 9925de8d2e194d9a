import type { FieldNames } from './field-names.js';
import type { Losses } from './losses.js';
import type { Usage } from './usage.js';
import type { Wire } from './wire.js';

/**
 * A task is a question with one whole answer and no conversation: embeddings, rerank, moderation. Each has one shape
 * towards callers, and one `TaskVendor` for every shape that vendors give it.
 */
export interface TaskRequest {
  /**
   * Fields that have no canonical home, verbatim by wire name; vendors that share the caller's shape get them all,
   * the others what they know of them.
   */
  readonly native: Wire;
}

export interface TaskAnswer {
  /** The vendor's id of the answer; empty when it gave none. */
  readonly id: string;
  /** The model that answered, as the vendor names it; empty when it did not say. */
  readonly model: string;
  /** Null when the vendor reported none. */
  readonly usage: Usage | null;
  /** The vendor's body is what a caller of the usual shape is to get: its bytes may pass. */
  readonly fitsCaller: boolean;
}

/** The side of a task that faces callers. Pure functions; no network. */
export interface TaskClient<Request extends TaskRequest, Answer extends TaskAnswer> {
  /** In words, for messages: `embeddings`. */
  readonly name: string;
  /** The shape that most vendors share: bytes may pass, and `x_llmhub` goes into bodies. */
  readonly isUsual: boolean;
  /** What its callers call the fields that vendors' writers report lost, where they are no caller's of the usual shape. */
  readonly fieldNames?: FieldNames;
  /** Of a body that names none; null when it must. */
  readonly defaultModel: string | null;
  /** @throws InvalidRequestError (400) naming the bad field as the caller spells it */
  readRequest(body: Wire): Request;
  writeAnswer(answer: Answer, request: Request, meta: TaskMeta): Wire;
  /** Characters that the vendor reads, for an estimate where it tells no usage. */
  charactersIn(request: Request): number;
}

/** What the gateway knows of an answer besides what the vendor said. */
export interface TaskMeta {
  readonly requestId: string;
  /** The model name as the caller asked it. */
  readonly model: string;
  /** Told by the vendor, or estimated. */
  readonly usage: Usage;
}

/** The model of a vendor that a task goes to. */
export interface TaskTarget {
  /** Vendor id, for errors. */
  readonly vendor: string;
  /** The vendor's own name of it. */
  readonly model: string;
}

/** The side of a task that faces vendors of one shape. Pure functions; no network. */
export interface TaskVendor<Request extends TaskRequest, Answer extends TaskAnswer> {
  /** Path and query below the vendor's base URL. */
  path(model: string): string;
  /** What it lives below, by the vendor's base URL, where that is not it. */
  address?(baseUrl: string): string;
  /** The vendor takes the body of a caller of the usual shape as it is, but for the model's name. */
  fitsAsIs(request: Request): boolean;
  /** The request as a JSON body. What cannot be said goes to `losses`; nothing vanishes silently. */
  writeRequest(request: Request, target: TaskTarget, losses: Losses): Wire;
  /** @throws UpstreamError when a body with status 200 is an error or no answer at all */
  readAnswer(body: unknown, request: Request, target: TaskTarget): Answer;
}
