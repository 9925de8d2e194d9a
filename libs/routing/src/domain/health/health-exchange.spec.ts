import { createLogger, type Database, readConfig, ProcessId } from '@app/shared';
import { openInMemory } from '../../../../../test/support/databases.js';
import { TestClock } from '../../../../../test/support/test-clock.js';
import { healthFactsRepository } from '../../routing.module.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import { HealthExchange } from './health-exchange.js';
import { HealthFactsRepository } from './health-facts.repository.js';
import { HealthReports } from './health-reports.js';
import { HealthSweep } from './health-sweep.js';
import { KeyCooldowns } from './key-cooldowns.js';
import { Random } from './random.js';
import type { TargetFacts } from './target-facts.js';
import { TargetHealth } from './target-health.js';

const TARGET = 'openai/gpt-5';
const logger = createLogger('silent');

/** One gateway, with a clock of its own. */
class Gateway {
  readonly clock: TestClock;
  readonly health: TargetHealth;
  readonly cooldowns: KeyCooldowns;
  readonly exchange: HealthExchange;

  constructor(
    stored: HealthFactsRepository,
    readonly warnings: string[],
    startedAt?: number,
  ) {
    this.clock = new TestClock(startedAt);
    this.health = new TargetHealth(this.clock, new Random());
    this.cooldowns = new KeyCooldowns(this.clock);
    const reports = new HealthReports(this.health, this.cooldowns, this.clock, new ProcessId());
    const log = { ...logger, warn: (_: object, message: string) => void warnings.push(message) };
    this.exchange = new HealthExchange(stored, reports, readConfig({}), log as unknown as typeof logger);
  }

  get target(): TargetFacts {
    return this.health.of(TARGET);
  }

  get breaker(): CircuitBreaker {
    return this.breakerOf(null);
  }

  breakerOf(owner: string | null): CircuitBreaker {
    return this.health.breaker(TARGET, owner);
  }

  fail(owner: string | null = null): void {
    for (let n = 0; n < 5; n += 1) {
      this.breakerOf(owner).tryPass()?.failed(503);
    }
  }
}

/** The store, and how often it was written. */
class Counting extends HealthFactsRepository {
  puts = 0;
  isDown = false;

  constructor(private readonly stored: HealthFactsRepository) {
    super();
  }

  async put(...report: Parameters<HealthFactsRepository['put']>): Promise<void> {
    this.answer();
    this.puts += 1;
    await this.stored.put(...report);
  }

  async findOthers(...query: Parameters<HealthFactsRepository['findOthers']>) {
    this.answer();
    return this.stored.findOthers(...query);
  }

  async deleteBefore(writtenAt: number): Promise<void> {
    await this.stored.deleteBefore(writtenAt);
  }

  private answer(): void {
    if (this.isDown) {
      throw new Error('The store is down.');
    }
  }
}

describe('gateways that share a store', () => {
  let database: Database;
  let stored: Counting;
  let warnings: string[];
  let one: Gateway;
  let two: Gateway;

  beforeEach(async () => {
    database = openInMemory();
    stored = new Counting(await healthFactsRepository.useFactory(database));
    warnings = [];
    one = new Gateway(stored, warnings);
    two = new Gateway(stored, warnings);
  });
  afterEach(() => database.close());

  /** Everyone tells and hears, so many times; two seconds pass each time. */
  async function pass(rounds = 1): Promise<void> {
    for (let n = 0; n < rounds; n += 1) {
      await one.exchange.run();
      await two.exchange.run();
      await one.exchange.run();
      one.clock.advance(2000);
      two.clock.advance(2000);
    }
  }

  it('leave a target alone that one of them found failing, then probe it themselves', async () => {
    one.fail();
    const left = one.breaker.opensFor();
    await two.exchange.run();
    expect(two.breaker.state()).toBe('closed');
    await one.exchange.run();
    await two.exchange.run();

    expect(two.breaker.state()).toBe('open');
    expect(two.breaker.opensFor()).toBeCloseTo(left);
    two.clock.advance(left);
    for (let n = 0; n < 3; n += 1) {
      two.breaker.tryPass()?.succeeded();
    }
    expect(two.breaker.state()).toBe('closed');
  });

  it("leave a target alone with a project's own keys where those fail, and with nobody else's", async () => {
    const statesOfTwo = async (): Promise<string[]> => {
      await one.exchange.run();
      await two.exchange.run();
      return [null, 'project', 'another'].map(owner => two.breakerOf(owner).state());
    };

    one.fail('project');
    await expect(statesOfTwo()).resolves.toEqual(['closed', 'open', 'closed']);
    one.fail();
    await expect(statesOfTwo()).resolves.toEqual(['open', 'open', 'closed']);
  });

  it('do not open again for an opening that they have got over', async () => {
    one.fail();
    await pass(2);
    for (let n = 0; n < 3; n += 1) {
      two.breaker.tryPass()?.succeeded();
    }
    two.clock.advance(60_000);
    one.target.answered({ ttftMs: 100, size: 0 });
    await pass(3);
    expect(two.breaker.state()).toBe('closed');
    two.clock.advance(60_000);
    one.fail();
    await pass();

    expect(two.breaker.state()).not.toBe('closed');
  });

  it('do not echo: what ends at one ends at all', async () => {
    one.fail();
    one.cooldowns.cool({ keyId: 'k', model: 'gpt-5', status: 429, retryAfterMs: 5000 });
    await pass(1);
    expect(two.cooldowns.all()).toEqual([{ keyId: 'k', model: 'gpt-5', remainingMs: 3000, limited: true }]);
    await pass(4);

    expect([...one.cooldowns.all(), ...two.cooldowns.all()]).toEqual([]);
    expect([one.breaker.opensFor(), two.breaker.opensFor()]).toEqual([0, 0]);
  });

  it('take over how fast a target is where they have not measured it', async () => {
    for (let n = 0; n < 100; n += 1) {
      one.target.answered({ ttftMs: 400, size: 2 });
    }
    one.target.produced({ tokensPerSecond: 80, outputTokens: 9, size: 2 });
    await pass();

    expect([two.target.speed(0).ttftMs, two.target.speed(3).tokensPerSecond, two.target.samples()]).toEqual([
      400, 80, 0,
    ]);
    expect(two.target.ttftQuantile(0.95, 1)).toBe(one.target.ttftQuantile(0.95));
    two.target.answered({ ttftMs: 50, size: 0 });
    await pass();
    expect([two.target.speed(0).ttftMs, one.target.speed(2).ttftMs]).toEqual([50, 400]);
    two.clock.advance(300_000);
    expect(two.target.speed(0).ttftMs).toBeNull();
  });

  it('tell how fast streams are apart from whole answers', async () => {
    one.target.answered({ ttftMs: 8000, size: 4 });
    await pass();
    expect([two.target.speed(0).ttftMs, two.target.speed(7).ttftMs]).toEqual([null, 8000]);
    one.target.answered({ ttftMs: 300, size: 0 });
    await pass();

    expect([two.target.speed(3).ttftMs, two.target.speed(4).ttftMs]).toEqual([300, 8000]);
  });

  it('write only when there is something to tell', async () => {
    await pass(10);
    expect(stored.puts).toBe(0);
    one.fail();
    await pass(10);
    expect(stored.puts).toBe(1);
    one.target.answered({ ttftMs: 1, size: 0 });
    one.cooldowns.cool({ keyId: 'k', model: null, status: 401 });
    await pass(10);

    expect(stored.puts).toBe(2);
  });

  it('do not mind what clocks say, once they know each other', async () => {
    two = new Gateway(stored, warnings, Date.UTC(2020, 0, 1));
    one.target.answered({ ttftMs: 1, size: 0 });
    await pass();
    one.cooldowns.cool({ keyId: 'k', model: null, status: 401 });
    await pass();

    expect(two.cooldowns.all()).toEqual([{ keyId: 'k', model: null, remainingMs: 298_000, limited: false }]);
  });

  it('do not believe the dead', async () => {
    one.cooldowns.cool({ keyId: 'k', model: null, status: 401 });
    await one.exchange.run();
    two.clock.advance(30_001);
    await two.exchange.run();

    expect(two.cooldowns.all()).toEqual([]);
  });

  it('go by their own calls while the store is down, say so once, and tell all of it later', async () => {
    stored.isDown = true;
    one.fail();
    await pass(1);
    expect(warnings).toEqual(Array.from({ length: 2 }, () => expect.stringContaining('the store is down')));
    await pass(1);
    expect(warnings).toHaveLength(2);
    stored.isDown = false;
    one.cooldowns.cool({ keyId: 'k', model: null, status: 401 });
    stored.isDown = true;
    await pass(1);
    stored.isDown = false;
    await pass(1);

    expect(two.cooldowns.all()).toHaveLength(1);
  });

  it('sweep away who has not written for long', async () => {
    one.cooldowns.cool({ keyId: 'k', model: null, status: 401 });
    await one.exchange.run();
    const sweep = new HealthSweep(stored, two.clock, logger);
    two.clock.advance(600_000);
    await sweep.run();
    await expect(stored.findOthers('', 10)).resolves.toHaveLength(1);
    two.clock.advance(1);
    await sweep.run();

    await expect(stored.findOthers('', 10)).resolves.toEqual([]);
  });
});
