import { createLogger, type Database, LOGGER } from '@app/shared';
import { Test } from '@nestjs/testing';
import { openInMemory } from '../../../../test/support/databases.js';
import { aUsageRecord } from '../../../../test/support/usage-record.js';
import { usageRepository } from '../analytics.module.js';
import type { UsageRecord } from './usage-record.entity.js';
import { UsageRecorder } from './usage.recorder.js';
import { type UsageCursor, type UsageFilter, UsageRepository } from './usage.repository.js';

/** Real stores, one behind the other, that can be exchanged; it notes the batches that came. */
class ExchangeableStore extends UsageRepository {
  readonly batches: number[] = [];
  arrived: (() => void) | null = null;
  /** The store does its work, but its answer gets lost on the way. */
  loseAnswer = false;

  constructor(public store: UsageRepository) {
    super();
  }

  async insertMany(records: readonly UsageRecord[]): Promise<void> {
    this.batches.push(records.length);
    await this.store.insertMany(records);
    this.arrived?.();
    if (this.loseAnswer) {
      this.loseAnswer = false;
      throw new Error('connection lost');
    }
  }

  page(filter: UsageFilter, after: UsageCursor | null, limit: number): Promise<UsageRecord[]> {
    return this.store.page(filter, after, limit);
  }

  findById(id: string): Promise<UsageRecord | null> {
    return this.store.findById(id);
  }

  findByUpstreamId(id: string): Promise<UsageRecord | null> {
    return this.store.findByUpstreamId(id);
  }
}

describe('UsageRecorder', () => {
  let opened: Database[];
  let lines: Record<string, unknown>[];
  let store: ExchangeableStore;
  let recorder: UsageRecorder;
  let clock = 0;

  beforeEach(async () => {
    opened = [];
    lines = [];
    const write = (text: string): void => {
      lines.push(
        ...text
          .trimEnd()
          .split('\n')
          .map(line => JSON.parse(line) as Record<string, unknown>),
      );
    };
    store = new ExchangeableStore(await newStore());
    recorder = new UsageRecorder(store, createLogger('info', { write }));
  });
  afterEach(() => Promise.all(opened.map(database => database.close())));

  async function newStore(): Promise<UsageRepository> {
    const database = openInMemory();
    opened.push(database);
    return usageRepository.useFactory(database);
  }

  async function breakStore(): Promise<void> {
    await opened.at(-1)?.close();
  }

  function take(count: number): UsageRecord[] {
    const taken = Array.from({ length: count }, () => aUsageRecord({ receivedAt: clock++ }));
    taken.forEach(r => recorder.record(r));
    return taken;
  }

  async function stored(): Promise<string[]> {
    const records = await store.page({}, null, 1_000_000);
    return records.map(r => r.id).toReversed();
  }

  function messages(level: number): unknown[] {
    return lines.filter(line => line['level'] === level).map(line => line['msg']);
  }

  it('writes all it was given, in order, in batches the embedded store can take', async () => {
    const taken = take(450);
    await recorder.flush();

    expect(store.batches).toEqual([200, 200, 50]);
    expect(await stored()).toEqual(taken.map(r => r.id));
  });

  it('writes by itself after a while', async () => {
    const arrived = new Promise<void>(resolve => {
      store.arrived = resolve;
    });
    const taken = take(3);
    expect(store.batches).toEqual([]);
    await arrived;

    expect(await stored()).toEqual(taken.map(r => r.id));
  });

  it('writes what comes while it is writing', async () => {
    take(1);
    const flushed = recorder.flush();
    take(1);
    await flushed;
    await recorder.flush();

    expect(await stored()).toHaveLength(2);
  });

  it('keeps all records in order while the store is down, and complains once', async () => {
    const before = take(3);
    await breakStore();
    await recorder.flush();
    const during = take(300);
    await recorder.flush();
    await recorder.flush();
    expect(messages(50)).toEqual(['The store takes no usage records; they wait in memory.']);

    store.store = await newStore();
    await recorder.flush();

    expect(await stored()).toEqual([...before, ...during].map(r => r.id));
    expect(recorder.dropped).toBe(0);
    expect(messages(40)).toEqual(['The store takes usage records again.']);
    expect(messages(30)).toHaveLength(303);
  });

  it('counts a batch once whose acknowledgement was lost', async () => {
    const taken = take(5);
    store.loseAnswer = true;
    await recorder.flush();
    expect(await stored()).toHaveLength(5);
    await recorder.flush();

    expect(store.batches).toEqual([5, 5]);
    expect(await stored()).toEqual(taken.map(r => r.id));
  });

  it('stays within its memory, and says loudly what it loses', async () => {
    await breakStore();
    take(100_000);
    expect(recorder.dropped).toBe(0);
    take(2);

    expect(recorder.dropped).toBe(2);
    expect(messages(50)).toEqual([expect.stringContaining('records are being lost')]);
    await recorder.beforeApplicationShutdown();
    expect(lines.at(-1)).toMatchObject({ lost: 100_000 });
  });

  it('writes the rest when the gateway stops, before the store closes', async () => {
    const module = await Test.createTestingModule({
      providers: [
        UsageRecorder,
        { provide: UsageRepository, useValue: store },
        { provide: LOGGER, useValue: createLogger('silent') },
      ],
    }).compile();
    await module.init();
    recorder = module.get(UsageRecorder);
    const taken = take(250);
    await module.close();

    expect(await stored()).toEqual(taken.map(r => r.id));
  });

  it('says at the end what a broken store has cost', async () => {
    await breakStore();
    take(7);
    await recorder.beforeApplicationShutdown();

    expect(lines.at(-1)).toMatchObject({ lost: 7, msg: 'The store is down: usage records are lost.' });
  });

  it('logs one line per call, without keys or anything that was said', async () => {
    const record = aUsageRecord({ modelUsed: 'sk-proj-abcdefgh12345678', firstTokenMs: 40 });
    recorder.record(record);
    await recorder.flush();

    expect(lines).toEqual([
      {
        level: 30,
        time: expect.any(String),
        msg: 'call',
        requestId: record.id,
        project: 'project-1',
        key: 'key-1',
        endpoint: '/v1/chat/completions',
        provider: 'openai',
        model: '[redacted]',
        status: 200,
        outcome: 'completed',
        inputTokens: 1000,
        cacheReadTokens: 200,
        outputTokens: 100,
        costUsd: 0.00325,
        latencyMs: 812,
        ttftMs: 40,
      },
    ]);
  });
});
