import { type Finish, isNothing, type StreamEvent, type Usage } from '@app/dialects';
import { UpstreamError } from '@app/shared';
import { withMore } from './estimate.js';

/** No event is larger: generated images are the largest, some ten megabytes of base64. */
export const EVENT_LIMIT_BYTES = 64 * 1024 * 1024;

/** What the ledger wants to know of a stream, as far as it is known. */
export interface StreamFacts {
  upstreamId: string | null;
  model: string | null;
  usage: Usage | null;
  finish: Finish | null;
  /** Rough count of what was produced, for the case that the vendor never tells. */
  outputTokens: number;
  /** `outputTokens` when `usage` came; what was produced later is not in it. */
  outputTokensAtUsage: number;
}

export function noFacts(): StreamFacts {
  return {
    upstreamId: null,
    model: null,
    usage: null,
    finish: null,
    outputTokens: 0,
    outputTokensAtUsage: 0,
  };
}

/** Keeps what the ledger wants to know of an event. */
export function noteEvent(facts: StreamFacts, event: StreamEvent): void {
  switch (event.kind) {
    case 'start':
      facts.upstreamId = event.id;
      facts.model = event.model;
      break;
    case 'usage':
      if (!isOvertaken(event, facts)) {
        facts.usage = event.usage;
        facts.outputTokensAtUsage = facts.outputTokens;
      }
      break;
    case 'no-usage':
      facts.usage = null;
      break;
    case 'finish':
      facts.finish ??= event.finish;
      break;
  }
}

/** Whether it is a piece of the answer. */
export function saysSomething({ kind }: StreamEvent): boolean {
  return kind === 'text' || kind === 'reasoning' || kind === 'refusal' || kind === 'tool-arguments';
}

/** Whether it is a usage of nothing, behind a real one. */
export function isOvertaken(event: StreamEvent, { usage }: StreamFacts): boolean {
  return event.kind === 'usage' && usage !== null && isNothing(event.usage);
}

export function eventTooLarge(vendor: string): UpstreamError {
  return new UpstreamError({
    vendor,
    upstreamStatus: null,
    code: 'malformed_stream',
    message: `The vendor '${vendor}' sent an event without an end.`,
  });
}

/** The error a vendor reported in its stream, as ours. */
export function streamFailure(vendor: string, event: Extract<StreamEvent, { kind: 'error' }>): UpstreamError {
  return new UpstreamError({
    vendor,
    upstreamStatus: event.status,
    code: event.code ?? 'upstream_stream_error',
    message: event.message,
  });
}

/**
 * What the vendor reported, and by estimate what it produced after that: Anthropic counts one token of output when it
 * starts, Google in every event what came so far; the rest is told at the end, which a stream that broke never reached.
 */
export function usageSoFar({ usage, finish, outputTokens, outputTokensAtUsage }: StreamFacts): Usage | null {
  if (!usage || finish) {
    return usage;
  }
  const since = Math.max(0, outputTokens - outputTokensAtUsage);
  return withMore(usage, since);
}
