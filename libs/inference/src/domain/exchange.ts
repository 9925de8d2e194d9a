import type { CallMeter } from '@app/analytics';
import { annotate, type ClientDialect, type LlmHub, type Loss, type Usage } from '@app/dialects';
import { type PromptTrail, type Savings, savingsOf } from '@app/optimization';
import type { VendorResponse } from '@app/providers';
import type { Route } from '@app/routing';
import { bytesOf, type Call, quotaHeaders, textOf, withoutSecret, usdOf } from '@app/shared';
import type { ContinuingWriter } from './continuing.writer.js';
import type { CallerReply } from './caller-reply.js';
import type { Endpoint } from './endpoint.service.js';
import { headerText } from './header-text.js';
import type { StreamFraming } from './stream-framing.js';

/** What the caller is told of the cache. */
export interface CacheNote {
  /** As `x-llmhub-cache` says it. */
  readonly status: string;
  /** As `x_llmhub` says it, of an answer that was kept; null of others. */
  readonly hit: Readonly<Record<string, unknown>> | null;
}

/** Everything known of one call while its answer is on the way. */
export interface Exchange {
  readonly call: Call;
  readonly dialect: ClientDialect;
  readonly meter: CallMeter;
  readonly reply: CallerReply;
  readonly route: Route;
  readonly endpoint: Endpoint;
  readonly losses: readonly Loss[];
  /** The caller's body, for estimates; null when nothing can be told from it. */
  readonly asked: Readonly<Record<string, unknown>> | null;
  readonly response: VendorResponse;
  /** How the caller wants its events framed; absent = as an event stream. */
  readonly framing?: StreamFraming | undefined;
  /** `name@version` of the policy that chose the route; absent or null: the caller named it. */
  readonly policy?: string | null;
  /** Of a stream that another vendor may go on with when this one dies. */
  readonly continuing?: ContinuingWriter | undefined;
  /** Another model is asked when the vendor refuses the prompt. */
  readonly fallsBack?: boolean;
  /** What the cache has to do with it; absent or null: nothing. */
  readonly cache?: CacheNote | null;
  /** Of an answer that was kept: when its vendor gave it, in unix seconds; absent: now. */
  readonly givenAt?: number | undefined;
  /** Of a prompt that went through passes; absent or null: there is nothing to learn. */
  readonly trail?: PromptTrail | null | undefined;
  /** SHA-256 of the file that the caller sent, hex; absent: it sent none, or that is not told. */
  readonly fileHash?: string | undefined;
  /** What the answer repeats of what the gateway did in the vendor's place. */
  readonly echo?: Readonly<Record<string, unknown>> | undefined;
}

const UPSTREAM_HEADERS = /^(x-ratelimit-|anthropic-ratelimit-|x-request-id$|request-id$)/;
/** Proxies and clients give up on heads of 8 kB and more. */
const SHOWN_WARNINGS = 20;
const REMEMBERED_NAMES = 1000;
const callerNames = new Map<string, string | null>();

/** What a vendor's header is called towards callers, null when it is not for them. Names are few, so it is remembered. */
function callerName(name: string): string | null {
  let known = callerNames.get(name);
  if (known === undefined) {
    known = UPSTREAM_HEADERS.test(name) ? `x-llmhub-upstream-${name}` : name === 'retry-after' ? name : null;
    if (callerNames.size < REMEMBERED_NAMES) {
      callerNames.set(name, known);
    }
  }
  return known;
}

/** Headers of every answer that a vendor gave. What only the end knows (cost) is for whole answers. */
export function answerHeaders(exchange: Exchange, contentType: string): Record<string, string | number> {
  const { call, dialect, route, endpoint, losses, response, meter } = exchange;
  const headers: Record<string, string | number> = {
    'x-request-id': call.id,
    'content-type': contentType,
    'x-llmhub-provider': route.vendor.id,
    'x-llmhub-model': headerText(route.target.model),
    'x-llmhub-attempts': meter.attempts,
    'server-timing': timing(call, meter),
  };
  if (dialect.requestIdHeader !== undefined) {
    headers[dialect.requestIdHeader] = call.id;
  }
  if (endpoint.simulated) {
    headers['x-llmhub-simulated'] = 'true';
  }
  if (exchange.policy) {
    headers['x-llmhub-route'] = headerText(exchange.policy);
  }
  if (exchange.fileHash !== undefined) {
    headers['x-llmhub-file-hash'] = exchange.fileHash;
  }
  if (call.quota) {
    Object.assign(headers, quotaHeaders(call.quota));
  }
  if (meter.tokenHold?.quota) {
    Object.assign(headers, quotaHeaders(meter.tokenHold.quota, 'tokens'));
  }
  if (exchange.cache) {
    headers['x-llmhub-cache'] = exchange.cache.status;
  }
  if (meter.cached) {
    Object.assign(headers, costHeader(meter)); // which is known before the end
  }
  if (losses.length > 0) {
    headers['x-llmhub-warnings'] = warningsText(losses);
  }
  for (const name in response.headers) {
    const shown = callerName(name);
    if (shown !== null) {
      headers[shown] = withoutSecret(response.header(name) ?? '', endpoint.apiKey);
    }
  }
  return headers;
}

/** Ms until a vendor was asked, and from then until now; all of it where none was. As browsers and tracing read it (W3C Server Timing). */
function timing({ startedAt }: Call, { askedAt }: CallMeter): string {
  const now = performance.now();
  const own = `gateway;dur=${((askedAt ?? now) - startedAt).toFixed(2)}`;
  return askedAt === null ? own : `${own}, vendor;dur=${(now - askedAt).toFixed(2)}`;
}

/** What a whole answer cost, attempts that were given up included, in US dollars; nothing when a price is not known. */
export function costHeader(meter: CallMeter): Record<string, string> {
  const cost = meter.totalNanoUsd();
  return cost === null ? {} : { 'x-llmhub-cost-usd': usdOf(cost).toFixed(9) };
}

/** The `x_llmhub` of bodies; null when the project turned it off. */
export function annotation(exchange: Exchange, usage: Usage | null): LlmHub | null {
  const { call, meter, route, endpoint, losses } = exchange;
  if (!call.annotate) {
    return null;
  }
  meter.usage = usage ?? meter.usage;
  const cost = meter.totalNanoUsd();
  const savings = exchange.trail ? savingsOf(exchange.trail, meter.usage) : null;
  return {
    provider: route.vendor.id,
    model: meter.modelUsed ?? route.target.model,
    cached: meter.cached,
    cost: cost === null ? null : usdOf(cost),
    response_time: Math.round(performance.now() - call.startedAt),
    attempts: meter.attempts,
    warnings: losses,
    ...(exchange.fileHash !== undefined && { file_hash: exchange.fileHash }),
    ...(exchange.cache?.hit && { cache: exchange.cache.hit }),
    ...(savings && { savings: savingsTold(savings) }),
    ...(exchange.policy && { route: exchange.policy }),
    ...(exchange.continuing &&
      exchange.continuing.seams.length > 0 && { resumed: exchange.continuing.seams }),
    ...(meter.usage?.estimated ? { usage_estimated: true } : {}),
    ...(endpoint.simulated ? { simulated: true } : {}),
  };
}

function savingsTold({ byPass, isEstimated }: Savings): Record<string, number | boolean> {
  const told = Object.entries(byPass).map(([pass, nanoUsd]) => [`${pass}_usd`, usdOf(nanoUsd)] as const);
  return { ...Object.fromEntries(told), ...(isEstimated && { estimated: true }) };
}

/** The bytes of a JSON object, with the `x_llmhub` of the call before the last brace, and its cost where the usage is. */
export function annotated(exchange: Exchange, bytes: Buffer, usage: Usage | null = null): Buffer {
  const llmhub = annotation(exchange, usage);
  return llmhub ? bytesOf(annotate(textOf(bytes), llmhub, exchange.dialect.passage.usageMember)) : bytes;
}

/** As many as a header may hold; the body has them all. */
export function warningsText(losses: readonly Loss[]): string {
  const shown = losses.slice(0, SHOWN_WARNINGS).map(({ action, field }) => `${action}=${field.slice(0, 80)}`);
  const more = losses.length - shown.length;
  return headerText([...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; '));
}
