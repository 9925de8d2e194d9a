import type { DialectId } from '@app/dialects';
import type { Call } from '@app/shared';

/** What planning needs of a request. */
export interface RouteRequest {
  readonly call: Pick<Call, 'projectId' | 'permission' | 'routing' | 'receivedAt'>;
  /** As the caller asked it: a model, an alias, or a virtual model. */
  readonly model: string;
  /** The parsed body; of a form, its fields. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly stream: boolean;
  /** What the caller speaks, for vendors of several dialects. */
  readonly spoken?: DialectId | undefined;
  /** Estimates the tokens of the input. Asked only when there is something to decide. */
  readonly countInput: () => number;
}
