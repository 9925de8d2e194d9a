/** A JSON object of OpenAI's Responses, as it stands on the wire. */
export type Wire = Readonly<Record<string, unknown>>;

export type ResponseStatus = 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

/** What was said in one response. */
export interface ResponseContents {
  /** The response object as its caller got it. */
  readonly response: Wire;
  /** The items that it was asked with, each with an id; not those that came before. */
  readonly input: readonly Wire[];
}

/** What is known of a kept response without opening it. */
export interface ResponseHead {
  /** `resp_` and the id of the call, without dashes. */
  readonly id: string;
  readonly projectId: string;
  /** Unix ms. */
  readonly createdAt: number;
  /** Unix ms. */
  readonly expiresAt: number;
  readonly status: ResponseStatus;
  /** Vendor id. */
  readonly provider: string;
  /** The vendor's own name of the model. */
  readonly model: string;
  /** The responses that it goes on from, the first of them first. */
  readonly ancestors: readonly string[];
  readonly conversationId: string | null;
  /** Its caller did not wait. */
  readonly background: boolean;
  /** Of its contents and of all that it goes on from. */
  readonly contextBytes: number;
  /** Unix ms, while it is in progress: later than that, its gateway is gone. */
  readonly leaseUntil: number | null;
}

/** A response as it is stored: nobody reads what was said in it without the encryption key. */
export interface StoredResponse extends ResponseHead {
  /** Of `ResponseContents`. */
  readonly envelope: string;
}

/** A response that was opened. */
export interface KeptResponse extends ResponseHead, ResponseContents {}

/** Vendor and model of an answer. */
export type AnsweredBy = Pick<KeptResponse, 'provider' | 'model'>;
