import { stat } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { createLogger, type Logger, type SqlDatabase } from '@app/shared';
import { openInMemory } from '../../../../../test/support/databases.js';
import { limited, refusalOf } from '../../../../../test/support/limited.js';
import { standStill } from '../../../../../test/support/stand-still.js';
import { storeShares } from '../../../../../test/support/store-shares.js';
import { TestClock } from '../../../../../test/support/test-clock.js';
import { limitRecordRepository } from '../../limit-storage.module.js';
import { LimitsUnavailableError, RequestLimitError } from '../limits.errors.js';
import { MemoryRequestLimits } from '../memory-request-limits.js';
import { type LimitRecord, LimitRecordRepository } from './limit-record.repository.js';
import { LimitSweep } from './limit-sweep.js';
import type { StoreShares } from './store-shares.js';
import type { StoreTime } from './store-time.js';
import { StoreRequestLimits } from './store-request-limits.js';

/** A real store behind a door: what is asked while it is shut waits until it opens. */
class DoorToStore extends LimitRecordRepository {
  asked = 0;
  /** Of what is put next: it is done, and nobody hears of it. */
  losesAnswer = false;
  /** Its answers have to be read by the event loop. */
  isFar = false;
  private shut: Promise<void> | null = null;
  private opened: () => void = () => undefined;

  constructor(private readonly store: LimitRecordRepository) {
    super();
  }

  freeze(): void {
    this.shut = new Promise(resolve => (this.opened = resolve));
  }

  thaw(): void {
    this.shut = null;
    this.opened();
  }

  async pass(): Promise<void> {
    this.asked += 1;
    await this.shut;
    await (this.isFar && stat('.'));
  }

  async find(id: string): Promise<LimitRecord | null> {
    await this.pass();
    return this.store.find(id);
  }

  async put(record: LimitRecord): Promise<boolean> {
    await this.pass();
    const isPut = await this.store.put(record);
    if (this.losesAnswer) {
      this.losesAnswer = false;
      throw new Error('lost');
    }
    return isPut;
  }

  async deleteExpired(now: number, limit: number): Promise<number> {
    return this.store.deleteExpired(now, limit);
  }
}

interface Gateway {
  readonly limits: StoreRequestLimits;
  readonly shares: StoreShares;
  readonly time: StoreTime;
}

describe('limits of gateways that share a store', () => {
  let database: SqlDatabase;
  let door: DoorToStore;
  let clock: TestClock;
  let lines: string[];
  const note = (line: unknown, text?: string): number => lines.push(String(text ?? line));
  let calls = 0;

  beforeEach(async () => {
    database = openInMemory();
    door = new DoorToStore(await limitRecordRepository.useFactory(database));
    clock = new TestClock();
    lines = [];
  });
  afterEach(async () => {
    door.thaw();
    await database.close();
  });

  async function gateway(process: string, onOutage: 'open' | 'closed' = 'closed'): Promise<Gateway> {
    const logger = Object.assign(createLogger('silent'), { warn: note, info: note }) as Logger;
    const store = {
      now: async () => {
        await door.pass();
        return clock.now();
      },
      probe: () => door.pass(),
    };
    const { shares, time } = await storeShares({ records: door, clock, store, process, logger });
    return { limits: new StoreRequestLimits(shares, new MemoryRequestLimits(clock), onOutage), shares, time };
  }

  /** How many of the calls, which come at the same time, are let in. */
  async function admitted(gateways: Gateway[], count: number, whose = [limited({ requestsPerMinute: 20 })]) {
    const entered = await Promise.allSettled(
      Array.from({ length: count }, async (_, n) =>
        gateways[n % gateways.length]?.limits.enter(`call-${++calls}`, whose),
      ),
    );
    return entered.filter(({ status }) => status === 'fulfilled').length;
  }

  it('let in exactly as many as there may be, whoever asks', async () => {
    const gateways = [await gateway('one'), await gateway('two'), await gateway('three')];

    expect(await admitted(gateways, 60)).toBe(20);
  });

  it('ask the store once for all who wait, and seldom while demand lasts', async () => {
    const one = await gateway('one');
    door.asked = 0;
    expect(await admitted([one], 20, [limited({ requestsPerMinute: 10_000 })])).toBe(20);
    expect(door.asked).toBe(2);

    for (let ms = 0; ms < 5000; ms += 10) {
      clock.advance(10);
      expect(await admitted([one], 1, [limited({ requestsPerMinute: 10_000 })])).toBe(1);
    }
    expect(door.asked).toBeLessThan(100); // of 1,000 without slices
  });

  it('do not ask again for what is full, until something may be free', async () => {
    const one = await gateway('one');
    await admitted([one], 20);
    await admitted([one], 1);
    door.asked = 0;
    expect(await admitted([one], 100)).toBe(0);
    expect(door.asked).toBe(0);

    clock.advance(250);
    expect(await admitted([one], 100)).toBe(0);
    expect(door.asked).toBe(1);
  });

  it('refuse while the store is frozen, if the operator wants that, and only the first waits', async () => {
    const one = await gateway('one');
    const whose = [limited({ requestsPerMinute: 20 })];
    door.freeze();
    expect(await refusalOf(() => one.limits.enter('first', whose))).toBeInstanceOf(LimitsUnavailableError);
    door.asked = 0;

    expect(() => one.limits.enter('second', whose)).toThrow(LimitsUnavailableError);
    expect([one.shares.isUp, door.asked]).toEqual([false, 0]);
    door.thaw();
    await one.time.ask();
    await turn();
    await one.shares.tell();
    expect(await admitted([one], 60)).toBe(20); // also what came too late
    expect(lines).toEqual([
      'The store does not answer; limits do without until it is back.',
      'The store is back: limits hold for all gateways again.',
    ]);
  });

  it('take no standstill of their own process for an outage', async () => {
    const one = await gateway('one');
    door.isFar = true;
    const calls = admitted([one], 30);
    standStill(300);

    expect(await calls).toBe(20);
    expect([one.shares.isUp, lines]).toEqual([true, []]);
  });

  it('go on alone while it is frozen, from what was let in here, and count open calls again when it is back', async () => {
    const [one, two] = [await gateway('one', 'open'), await gateway('two')];
    const whose = [limited({ requestsPerMinute: 20, concurrentCalls: 19 })];
    expect(await admitted([one], 15, whose)).toBe(15);
    door.freeze();
    expect(await admitted([one], 30, whose)).toBe(4);
    expect(
      await refusalOf(() => one.limits.enter('more', [limited({ requestsPerMinute: 19 })])),
    ).toBeInstanceOf(RequestLimitError);
    door.thaw();
    await one.time.ask();
    await one.shares.tell();

    expect(await admitted([two], 1, [limited({ concurrentCalls: 19 })])).toBe(0);
    expect(await admitted([two], 5, [limited({ concurrentCalls: 20 })])).toBe(1);
  });

  it('count what they let in alone when the store is back, and give back what they do not let in', async () => {
    const [one, two] = [await gateway('one', 'open'), await gateway('two')];
    await admitted([one], 5);
    door.freeze();
    expect(await admitted([one], 30)).toBe(15);
    door.thaw();
    await one.time.ask();
    await turn();
    const refusal = await refusalOf(() => one.limits.enter('more', [limited({ requestsPerMinute: 20 })]));
    expect(refusal).toMatchObject({ retryAfterMs: 60_250 });
    expect(await admitted([one], 30)).toBe(0);
    clock.advance(500);
    await one.shares.tell();
    expect(await admitted([two], 60)).toBe(15);

    clock.advance(60_500);
    expect(await admitted([one, two], 60)).toBe(20);
  });

  it('give nothing back twice when the answer is lost', async () => {
    const [one, two] = [await gateway('one'), await gateway('two')];
    const whole = limited({ requestsPerMinute: 20 });
    expect(await admitted([one], 5, [whole, limited({ id: 'key', requestsPerMinute: 1 })])).toBe(1);
    expect(await admitted([two], 10, [whole])).toBe(10);
    clock.advance(600);
    door.losesAnswer = true;
    await one.shares.tell();
    expect([door.losesAnswer, one.shares.isUp]).toEqual([false, false]);
    await one.time.ask();
    await one.shares.tell();

    expect(await admitted([two], 60, [whole])).toBe(9);
  });

  it('keep the open calls of a gateway that was killed for 15 seconds, and of one that lives', async () => {
    const [one, two] = [await gateway('one'), await gateway('two')];
    const whose = [limited({ concurrentCalls: 3 })];
    expect(await admitted([one], 9, whose)).toBe(3);
    for (let ms = 0; ms < 20_000; ms += 250) {
      clock.advance(250);
      await one.shares.tell();
    }
    expect(await admitted([two], 9, whose)).toBe(0);
    clock.advance(14_999); // from here on nobody renews them
    expect(await admitted([two], 9, whose)).toBe(0);

    clock.advance(1000);
    expect(await admitted([two], 9, whose)).toBe(3);
  });

  it('forget nobody who waits for the first word', async () => {
    const [one, two] = [await gateway('one'), await gateway('two')];
    const whose = [limited({ concurrentCalls: 1 })];
    door.freeze();
    const entered = one.limits.enter('first', whose);
    await turn();
    await one.shares.tell();
    door.thaw();
    await entered;
    expect(await admitted([two], 1, whose)).toBe(0);
    one.limits.leave('first', whose);
    await one.shares.tell();
    clock.advance(250);

    expect(await admitted([two], 1, whose)).toBe(1);
  });

  it('leave nothing behind of projects that are quiet', async () => {
    const one = await gateway('one');
    await admitted([one], 5, [limited({ requestsPerMinute: 20, concurrentCalls: 9 })]);
    const sweep = new LimitSweep(door, one.time, createLogger('silent'));
    await sweep.run();
    expect(await database.sql.selectFrom('limit_records').selectAll().execute()).toHaveLength(2);
    clock.advance(130_000);
    await sweep.run();

    expect(await database.sql.selectFrom('limit_records').selectAll().execute()).toHaveLength(0);
    expect(await admitted([one], 60, [limited({ requestsPerMinute: 20 })])).toBe(20);
  });
});
