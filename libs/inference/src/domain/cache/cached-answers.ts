import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import { anthropicMessagesVendor } from '@app/dialects';
import { AnswerCache, type CachedAnswer } from '@app/optimization';
import { ReplayedResponse } from '@app/providers';
import { allowsRoute, ModelRouter, type PlannedCall, type Route } from '@app/routing';
import { type CacheUse, GatewayError, usdOf } from '@app/shared';
import type { CacheNote, Exchange } from '../exchange.js';
import type { GenerationInput } from '../generation-input.js';
import { CacheMissError } from '../inference.errors.js';
import { OpenStreams } from '../open-streams.js';
import type { ParsedBody } from '../parse-body.js';
import { type PlannedRequest, type ReadRequest, RequestPreparer } from '../request-preparer.js';
import { StreamRelay } from '../stream-relay.js';
import { streamWriter, translated } from '../stream-translation.js';
import { translateWhole } from '../whole-answer.js';
import { isCacheable } from './cacheable-request.js';
import { CacheVisit, type Keyed } from './cache-visit.js';
import { unbilled } from './unbilled.dialect.js';

/** A request that may be answered by what was answered before. */
interface Asking {
  readonly input: GenerationInput;
  readonly request: PlannedRequest;
  readonly meter: CallMeter;
}

/**
 * Answers requests with what a vendor answered to the same request before: its answer as it came is read once more, and written
 * in the dialect of whoever asks. No vendor hears of it, nothing is set aside for it, and it costs nothing.
 */
@Injectable()
export class CachedAnswers {
  constructor(
    private readonly cache: AnswerCache,
    private readonly router: ModelRouter,
    private readonly preparer: RequestPreparer,
    private readonly streams: OpenStreams,
  ) {}

  visit(input: GenerationInput, request: PlannedRequest, use: CacheUse): CacheVisit {
    return new CacheVisit(this.cache, use, this.keyed(input, request, use));
  }

  /**
   * False when the vendor is to be asked.
   *
   * @throws CacheMissError (504) when it is not
   * @throws GatewayError (403) when the caller's key is not for what answered before
   */
  async answer({ use, keyed }: CacheVisit, { input, request, meter }: Asking): Promise<boolean> {
    const { call } = input;
    const kept =
      keyed && use.mode !== 'refresh' && (await this.cache.find(call.projectId, keyed.key, use.maxAgeMs));
    const route = kept && this.routeTo(kept, request.planned);
    if (!kept || !route || !allowsRoute(call.permission, route)) {
      if (use.mode === 'only') {
        throw new CacheMissError();
      }
      return false;
    }
    const routed = this.preparer.at(route, request.body, input, meter);
    const { losses } = this.preparer.write(routed, input).vendorBody; // the caller is told of them again
    meter.cached = true;
    meter.savedNanoUsd = kept.costNanoUsd ?? 0;
    await this.replay({ ...this.exchangeOf({ input, request, meter }, kept, route), losses }, keyed);
    return true;
  }

  private async replay(exchange: Exchange, { request, seal }: ReadRequest): Promise<void> {
    if (!request.stream) {
      return translateWhole(exchange, request, seal);
    }
    const writer = streamWriter(() => exchange, request, seal);
    await new StreamRelay(exchange, translated(exchange, request, writer), this.streams).run();
  }

  /** Null when no answer to it may be kept, or it cannot be read: the road to the vendor says why. */
  private keyed(
    input: GenerationInput,
    { body, planned, wishes }: PlannedRequest,
    use: CacheUse,
  ): Keyed | null {
    const read = use.keeps === 'off' ? null : this.read(input, body);
    if (!read || !isCacheable(read.request, body.json, use.keeps)) {
      return null;
    }
    const { call, forward } = input;
    const isOfKey = use.scope === 'key' || call.permission?.limitsKey;
    const key = this.cache.keyOf({
      projectId: call.projectId,
      keyId: isOfKey ? call.keyId : null,
      namespace: use.namespace,
      target: targetOf(planned, body),
      strict: call.strict,
      headers: meaningful(forward),
      routing: { headers: call.routing, wishes },
      request: read.request,
      body: body.json,
    });
    return { ...read, key };
  }

  private read(input: GenerationInput, body: ParsedBody): ReadRequest | null {
    try {
      return this.preparer.read(body, input);
    } catch (error) {
      if (error instanceof GatewayError) {
        return null;
      }
      throw error;
    }
  }

  /** Null when the vendor speaks otherwise by now. */
  private routeTo({ vendor, model, dialect }: CachedAnswer, { routes, policy }: PlannedCall): Route | null {
    const id = `${vendor}/${model}`;
    const planned = routes.find(route => route.id === id);
    const isOpened = planned?.isOpened ?? (policy !== null && routes[0]?.isOpened);
    const route = planned ?? this.router.resolve(id, dialect);
    const { secondDialect, dialectFor } = route.vendor;
    const spoken = [route.dialect, dialectFor?.(model, dialect), route.vendor.dialect, secondDialect].find(
      one => one?.id === dialect,
    );
    return spoken ? { ...route, dialect: spoken, ...(isOpened && { isOpened }) } : null;
  }

  private exchangeOf(
    { input, request, meter }: Asking,
    kept: CachedAnswer,
    route: Route,
  ): Omit<Exchange, 'losses'> {
    const { call, dialect, reply, framing } = input;
    return {
      call,
      dialect,
      meter,
      reply,
      route: { ...route, dialect: unbilled(route.dialect) },
      endpoint: { baseUrl: '', apiKey: '', headers: {}, simulated: kept.simulated },
      asked: null,
      response: new ReplayedResponse(kept, call.signal),
      framing,
      policy: request.planned.policy,
      cache: this.noteOf(kept),
    };
  }

  private noteOf(kept: CachedAnswer): CacheNote {
    const age = Math.floor(this.cache.ageOf(kept) / 1000);
    const { inputTokens, outputTokens, costNanoUsd, callId } = kept;
    return {
      status: `hit; age=${age}`,
      hit: {
        age,
        usage: { input_tokens: inputTokens, output_tokens: outputTokens },
        saved_usd: costNanoUsd === null ? null : usdOf(costNanoUsd),
        call: callId,
      },
    };
  }
}

/** What a plain name means, whoever spells it how; else what may change from call to call stands for itself. */
function targetOf({ routes, policy, decision }: PlannedCall, { model }: ParsedBody): string {
  const [route] = routes;
  const target = policy === null && decision === null && route ? route.id : `${policy ?? ''}:${model}`;
  // Where a model goes on with a text itself, it does not answer it.
  return routes.some(({ dialect }) => dialect.id === 'openai-completions') ? `${target}#completions` : target;
}

/** A version of the API that is said to all vendors anyway says nothing. */
function meaningful(forward: GenerationInput['forward'] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(forward).filter(([name, value]) => anthropicMessagesVendor.headers[name] !== value),
  );
}
