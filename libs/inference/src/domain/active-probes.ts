import { randomUUIDv7 } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { openAiChatClient } from '@app/dialects';
import { type CircuitBreaker, GOOD_PROBES, type GuardedTarget, TargetHealth } from '@app/routing';
import { type Call, Clock, Config } from '@app/shared';
import { GenerationService } from './generation.service.js';
import { ShuttingDownError } from './inference.errors.js';
import { CollectingReply } from './responses/collecting-reply.js';

/** Project, key and endpoint of these calls in the ledger. */
const OWN = 'gateway';
const ENDPOINT = 'active-probe';
/** Some vendors take no fewer. */
const MOST_TOKENS = 16;
const MOST_AT_ONCE = 20;
const DEADLINE_MS = 10_000;
/** Of a target that answered, though not as a chat: asking again at once would be as useless. */
const REST_MS = 300_000;

/**
 * Asks targets that are left alone, once their pause is over, whether they answer again: a tiny chat at the gateway's own
 * keys and expense, so that no call of a project has to find out. Targets that fail with a project's own keys are not asked,
 * since that project would pay; and one whose answer says nothing (it is no chat model, say) rests. Off unless a setting says
 * how often to look.
 */
@Injectable()
export class ActiveProbes implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private readonly underWay = new Map<CircuitBreaker, Promise<void>>();
  /** Until when they rest, in monotonic ms. */
  private readonly resting = new WeakMap<CircuitBreaker, number>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly health: TargetHealth,
    private readonly generation: GenerationService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    const { routingProbeMs } = this.config;
    if (routingProbeMs > 0) {
      this.timer = setInterval(() => this.look(), routingProbeMs).unref();
    }
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer ?? undefined);
    this.stopping.abort(new ShuttingDownError());
    await Promise.all(this.underWay.values());
  }

  /** However slow one target is, the others are looked at. */
  private look(): void {
    for (const target of this.health.allBreakers().filter(isDue)) {
      const { breaker } = target;
      const rests = (this.resting.get(breaker) ?? 0) > this.clock.ticks();
      if (!rests && !this.underWay.has(breaker) && this.underWay.size < MOST_AT_ONCE) {
        const probed = this.probe(target).finally(() => this.underWay.delete(breaker));
        this.underWay.set(breaker, probed);
      }
    }
  }

  /** As often as it takes to close the breaker, while the target answers. Never rejects. */
  private async probe(target: GuardedTarget): Promise<void> {
    let isWell = true;
    for (let left = GOOD_PROBES; left > 0 && isWell && isDue(target); left -= 1) {
      isWell = await this.isAnswered(target.id);
    }
    if (!isWell && isDue(target)) {
      this.resting.set(target.breaker, this.clock.ticks() + REST_MS);
    }
  }

  /** The breaker is told on the way, as with any other call. */
  private async isAnswered(model: string): Promise<boolean> {
    const messages = [{ role: 'user', content: 'Say ok.' }];
    const body = Buffer.from(JSON.stringify({ model, messages, max_completion_tokens: MOST_TOKENS }));
    try {
      await this.generation.run({
        call: this.call(),
        dialect: openAiChatClient,
        endpoint: ENDPOINT,
        body: Promise.resolve(body),
        reply: new CollectingReply(),
      });
      return true;
    } catch {
      return false; // why is in the usage record, and in the numbers of the target
    }
  }

  private call(): Call {
    return {
      id: randomUUIDv7(),
      projectId: OWN,
      keyId: OWN,
      receivedAt: this.clock.now(),
      startedAt: performance.now(),
      strict: false,
      annotate: false,
      bodyLimitBytes: this.config.bodyLimitBytes,
      fileLimitBytes: this.config.fileLimitBytes,
      defaultChatModel: null,
      defaultTranscriptionModel: null,
      permission: null,
      routing: { maxAttempts: '1', timeoutMs: String(DEADLINE_MS) },
      cache: null,
      quota: null,
      tokens: null,
      signal: this.stopping.signal,
    };
  }
}

function isDue({ owner, breaker }: GuardedTarget): boolean {
  return owner === null && breaker.state() === 'half-open';
}
