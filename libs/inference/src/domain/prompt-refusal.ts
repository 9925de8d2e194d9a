import type { Answer, Finish, Part, StreamEvent } from '@app/dialects';
import { UpstreamError } from '@app/shared';
import type { Exchange } from './exchange.js';
import { readVendorEvents } from './vendor-answer.js';

/** Events of a stream in which nothing is said. */
const SILENT: ReadonlySet<StreamEvent['kind']> = new Set(['start', 'members', 'usage', 'finish', 'end']);

/**
 * Some vendors have no error for a prompt that they refuse: they answer with 200, say nothing, and name their filter as the
 * reason (Gemini's `blockReason`, Anthropic's `refusal`, OpenAI's `content_filter`).
 *
 * @param vendor id
 * @throws UpstreamError (400 `content_filter`) for such an answer, as other vendors put it
 */
export function assertPromptTaken(vendor: string, { choices }: Answer): void {
  const refusal = filtered(choices.map(({ finish }) => finish));
  if (refusal && choices.every(({ parts }) => parts.every(isEmpty))) {
    throw refused(vendor, refusal);
  }
}

/**
 * The same for a stream that was waited for; it is left alone where no other model would be asked. The meter learns what the
 * refusal cost, for nobody else reads that stream.
 *
 * @throws as `assertPromptTaken`
 */
export function assertPromptTakenInStream({ fallsBack, response, route, meter }: Exchange): void {
  const body = fallsBack ? response.held() : null;
  if (!body || route.dialect.token.test(body.toString('latin1'))) {
    return;
  }
  const events = readVendorEvents(route, body);
  const refusal = filtered(events.filter(event => event.kind === 'finish').map(({ finish }) => finish));
  if (refusal && events.every(event => SILENT.has(event.kind) || isEmpty(event))) {
    meter.usage = events.findLast(event => event.kind === 'usage')?.usage ?? null;
    throw refused(route.vendor.id, refusal);
  }
}

function isEmpty(said: Part | StreamEvent): boolean {
  return said.kind === 'text' && said.text === '';
}

/** How the first choice ended, when a filter ended them all. */
function filtered(finishes: readonly Finish[]): Finish | undefined {
  return finishes.every(({ reason }) => reason === 'content-filter') ? finishes[0] : undefined;
}

function refused(vendor: string, { native }: Finish): UpstreamError {
  return new UpstreamError({
    vendor,
    upstreamStatus: 400,
    code: 'content_filter',
    message: `The vendor '${vendor}' refused the prompt (${native ?? 'content_filter'}). Change it, or ask another model.`,
  });
}
