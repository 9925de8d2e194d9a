import type { DialectId } from '@app/dialects';
import type { Call } from '@app/shared';
import type { Route } from './model-router.js';

/** What planning needs of a request. */
export interface RouteRequest {
  readonly call: Pick<Call, 'projectId' | 'permission' | 'routing' | 'receivedAt' | 'silenceMs'>;
  /** As the caller asked it: a model, an alias, or a virtual model. */
  readonly model: string;
  /** The parsed body; of a form, its fields. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly stream: boolean;
  /** What the caller speaks, for vendors of several dialects. */
  readonly spoken?: DialectId | undefined;
  /** Which members of the body a vendor would not get. Asked only when it has to take all of them. */
  readonly lostAt?: (route: Route) => readonly string[];
  /** What is known to speak against asking there with what came beside the body, in words; null: nothing. */
  readonly unfit?: ((route: Route) => string | null) | undefined;
  /** Estimates the tokens of the input. Asked only when there is something to decide. */
  readonly countInput: () => number;
}
