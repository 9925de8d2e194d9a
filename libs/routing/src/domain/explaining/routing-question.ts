import type { RoutingHeaders } from '@app/shared';
import type { NewPolicy } from '../policies/policy-definition.js';

/** A call that nobody has made: where would it go? */
export interface RoutingQuestion {
  readonly projectId: string;
  readonly model: string;
  /** The body of the call, or what of it matters. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Else as the body says. */
  readonly stream?: boolean;
  /** Else estimated from the body, as for a call. */
  readonly inputTokens?: number;
  readonly headers?: RoutingHeaders;
  /** With the scope of that key; else of one that may do all that its project may. */
  readonly apiKeyId?: string;
  /** In place of the stored one of that name. */
  readonly policy?: NewPolicy;
}
