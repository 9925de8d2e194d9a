import { catalog, ModelBook, ProviderRegistry, type Vendor, type VendorResponse } from '@app/providers';
import { HedgeBudget, KeyCooldowns, KeyPool, ModelRouter, RetryBudget, TargetHealth } from '@app/routing';
import { Clock, readConfig, UpstreamError } from '@app/shared';
import { Departures } from '../../libs/routing/src/domain/executing/departures.js';
import type { Errand, Sending, Sent } from '../../libs/routing/src/domain/executing/errand.js';
import { Executor } from '../../libs/routing/src/domain/executing/executor.js';
import { Random } from '../../libs/routing/src/domain/health/random.js';
import {
  type AttemptRecord,
  type CallOptions,
  PLAIN,
  type PlannedCall,
} from '../../libs/routing/src/domain/planned-call.js';
import { type VendorKey, VendorKeys } from '../../libs/routing/src/domain/vendor-keys.js';

/** Targets of three vendors. */
export const A = 'openai/a';
export const B = 'anthropic/b';
export const C = 'mistral/c';

/** What a vendor does with one request: its status, an error, or whatever the function does. */
export type Step = number | Error | ((sending: Sending) => Promise<void>);

/** Pauses of no length. */
class NoChance extends Random {
  override next(): number {
    return 0;
  }
}

/** The keys of a project are data here; choosing among them is not. */
class KnownKeys extends VendorKeys {
  readonly known = new Map<string, readonly VendorKey[]>();
  /** What the store says instead, once. */
  failure: Error | null = null;

  override of(_projectId: string, { id }: Vendor): readonly VendorKey[] {
    const { failure } = this;
    this.failure = null;
    if (failure) {
      throw failure;
    }
    return this.known.get(id) ?? [{ id: `gateway:${id}`, secret: null, weight: 1 }];
  }
}

const config = readConfig({});
const registry = new ProviderRegistry(catalog, config);
const router = new ModelRouter(registry, new ModelBook(config));

/** The executor with all its real parts, and vendors that follow a script. */
export class Travels {
  readonly health: TargetHealth;
  readonly cooldowns: KeyCooldowns;
  readonly retries = new RetryBudget();
  readonly hedges = new HedgeBudget();
  readonly keys: KnownKeys;
  readonly executor: Executor;

  constructor(clock = new Clock()) {
    const chance = new NoChance();
    this.health = new TargetHealth(clock, chance);
    this.cooldowns = new KeyCooldowns(clock);
    const pool = new KeyPool(this.cooldowns, clock);
    this.keys = Object.assign(Object.create(KnownKeys.prototype) as KnownKeys, {
      known: new Map(),
      failure: null,
    });
    const departures = new Departures(this.health, this.keys, pool, chance);
    this.executor = new Executor(departures, this.cooldowns, this.retries, this.hedges);
  }

  /** Gives the project keys of its own, all alike. */
  giveKeys(vendor: string, ...ids: readonly string[]): void {
    this.keys.known.set(
      vendor,
      ids.map(id => ({ id, secret: `secret-${id}`, weight: 1 })),
    );
  }

  /** @param script what each target (`vendor/model`) does, request by request; what is not in it answers */
  async go(
    script: Readonly<Record<string, readonly Step[]>>,
    options: TravelOptions = {},
  ): Promise<Travelled> {
    const {
      stream = false,
      committed = () => false,
      asked = 'fast',
      resuming = false,
      goesOn = false,
    } = options;
    const { signal = new AbortController().signal } = options;
    const planned = plannedFor(Object.keys(script), options);
    const errand = new ScriptedErrand(script, { signal, stream, committed, asked, resuming, goesOn });
    const error = await this.executor.run(planned, errand).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return { error, attempts: planned.decision?.attempts ?? [], errand };
  }
}

export interface TravelOptions extends Partial<CallOptions> {
  readonly policy?: string | null;
  readonly plain?: boolean;
  /** The caller has a part of the answer. */
  readonly resuming?: boolean;
  /** It was answered before, and is to go on. */
  readonly goesOn?: boolean;
  /** The name that the retries are counted for. */
  readonly asked?: string;
  readonly signal?: AbortSignal;
  readonly stream?: boolean;
  readonly committed?: () => boolean;
  /** How many of the targets are in the plan; by default all. The others are for fallbacks. */
  readonly planned?: number;
}

export interface Travelled {
  /** What the call threw; null when it was answered. */
  readonly error: unknown;
  readonly attempts: readonly AttemptRecord[];
  readonly errand: ScriptedErrand;
}

export function routeTo(target: string): PlannedCall['routes'][number] {
  return router.resolve(target);
}

export function failing(status: number | null, more: object = {}): UpstreamError {
  return new UpstreamError({ vendor: 'x', upstreamStatus: status, message: 'No.', ...more });
}

/** It never answers, until it is hung up on. */
export function hangs({ signal }: Sending): Promise<never> {
  return new Promise((_, reject) => {
    const leave = (): void => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) {
      leave();
    }
  });
}

function plannedFor(targets: readonly string[], options: TravelOptions): PlannedCall {
  const { policy = 'fast@1', plain = false, planned = targets.length } = options;
  const attempts: PlannedCall['attempts'] = [];
  return {
    routes: targets.slice(0, planned).map(routeTo),
    options: plain ? PLAIN : { ...PLAIN, maxAttempts: 3, ...options },
    decision: { snapshot: {}, plan: {}, attempts } as unknown as PlannedCall['decision'],
    attempts,
    policy: plain ? null : policy,
    refusal: null,
    noteAnswered: null,
    ownMembers: [],
  };
}

type Circumstances = Pick<Errand<Sent>['call'], 'signal'> & {
  readonly stream: boolean;
  readonly committed: () => boolean;
  readonly asked: string;
  readonly resuming: boolean;
  readonly goesOn: boolean;
};

class ScriptedErrand implements Errand<Sent> {
  readonly call;
  readonly stream;
  readonly inputTokens = 10;
  readonly modelAsked;
  readonly resuming;
  readonly goesOn;
  /** `vendor/model key`, in the order in which they were asked. */
  readonly sent: string[] = [];
  readonly answered: string[] = [];
  readonly abandonedAt: string[] = [];
  /** The last, that nobody went on from. */
  readonly spentAt: string[] = [];
  private readonly left: Map<string, Step[]>;

  constructor(
    script: Readonly<Record<string, readonly Step[]>>,
    private readonly circumstances: Circumstances,
  ) {
    this.call = { projectId: 'project', signal: circumstances.signal, startedAt: performance.now() };
    this.stream = circumstances.stream;
    this.modelAsked = circumstances.asked;
    this.resuming = circumstances.resuming;
    this.goesOn = circumstances.goesOn;
    this.left = new Map(Object.entries(script).map(([target, steps]) => [target, [...steps]]));
  }

  get committed(): boolean {
    return this.circumstances.committed();
  }

  async send(sending: Sending): Promise<Sent> {
    const { route, apiKey } = sending;
    this.sent.push(apiKey === null ? route.id : `${route.id} ${apiKey}`);
    const step = this.left.get(route.id)?.shift() ?? 200;
    if (typeof step === 'function') {
      await step(sending);
    } else if (step instanceof Error) {
      throw step;
    } else if (step >= 300) {
      throw failing(step);
    }
    return { response: new ScriptedResponse(route.id) as unknown as VendorResponse };
  }

  answer({ response }: Sent): Promise<number> {
    this.answered.push((response as unknown as ScriptedResponse).from);
    return Promise.resolve(5);
  }

  abandoned({ route }: Sending): void {
    this.abandonedAt.push(route.id);
  }

  spent({ route }: Sending): void {
    this.spentAt.push(route.id);
  }

  refused(): void {}
}

class ScriptedResponse {
  readonly status = 200;

  constructor(readonly from: string) {}

  header(): undefined {
    return undefined;
  }
}
