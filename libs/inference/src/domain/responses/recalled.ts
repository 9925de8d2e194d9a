import type { Loss } from '@app/dialects';
import type { NewResponse } from '@app/responses';
import type { ParsedBody } from '../parse-body.js';

/** A call's answer, as far as it can be noted before there is one. */
export interface Note extends Omit<NewResponse, 'id' | 'status' | 'response'> {
  /** False when only the conversation takes the answer: the vendor keeps the response itself. */
  readonly keeps: boolean;
}

/** A request in which nothing is left that only a memory understands. */
export interface Recalled {
  /** With what was said before. */
  readonly body: ParsedBody;
  /** Items before those that the caller sent. */
  readonly itemsBefore: number;
  /** What the answer repeats. */
  readonly echo: Readonly<Record<string, unknown>>;
  /** What could not be recalled for this vendor. */
  readonly losses: readonly Loss[];
  /** What becomes of the answer; null when it is not kept. */
  readonly note: Note | null;
}
