/** What else a vendor's error body may say beside status and message; a dialect takes what its shape has room for. */
export interface RefusalDetails {
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
  /** Sent in place of the dialect's error body. */
  readonly whole?: { readonly contentType: string; readonly text: string };
}

/** The vendor says no. Thrown by checks and faults; rendered in the error shape of the dialect that was addressed. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly details: RefusalDetails = {},
  ) {
    super(message);
  }
}

/** Throws a 400 unless `fact` holds. */
export function require400(fact: boolean, message: string, details?: RefusalDetails): asserts fact {
  if (!fact) {
    throw new Refusal(400, message, details);
  }
}
