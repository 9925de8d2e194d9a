import type { CallerSaid, LiveAct, LiveEvent } from '../domain/live-crossing.js';
import type { Loss } from '../domain/losses.js';
import type { Wire } from '../domain/wire.js';
import { newId } from './ids.js';

/** An event of the vendor's, before it has an id. */
export type Told = Readonly<Record<string, unknown>> & { readonly type: string };

type Refused = Omit<Extract<LiveEvent, { kind: 'refused' }>, 'kind'>;

export function told(events: readonly Told[]): Wire[] {
  return events.map(({ type, ...rest }) => ({ type, event_id: newId('event'), ...rest }));
}

/** What an event of the caller's meant, and what it is told at once. */
export function said(acts: readonly LiveAct[], ...replies: readonly Told[]): CallerSaid {
  return { acts, replies: told(replies) };
}

export function errorEvent({ message, code, type = 'invalid_request_error' }: Refused): Told {
  return { type: 'error', error: { type, code, message, param: null } };
}

/** What was lost, or told in other words. */
export function warningsEvent(warnings: readonly Loss[]): Wire {
  return { type: 'x_llmhub.warnings', event_id: newId('event'), warnings };
}
