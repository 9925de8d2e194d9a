import type { ClientDialect } from '@app/dialects';
import type { Call } from '@app/shared';
import type { CallerReply } from './caller-reply.js';
import type { Asked } from './parse-body.js';
import type { StreamFraming } from './stream-framing.js';

/** One text request as its endpoint hands it over. */
export interface GenerationInput {
  readonly call: Call;
  /** Dialect of the endpoint that was called. */
  readonly dialect: ClientDialect;
  /** Path of that endpoint, for the ledger. */
  readonly endpoint: string;
  readonly body: Promise<Buffer>;
  readonly reply: CallerReply;
  /** Model and stream of a dialect that has them in the URL (Gemini). */
  readonly asked?: Asked;
  /** How its events are framed when they are to be no event stream (Gemini without `alt=sse`). */
  readonly framing?: StreamFraming | undefined;
  /** The caller's own protocol headers (versions, betas), which go on to a vendor of its dialect. */
  readonly forward?: Readonly<Record<string, string>>;
  /** What the answer repeats of what the gateway did in the vendor's place. */
  readonly echo?: Readonly<Record<string, unknown>> | undefined;
}
