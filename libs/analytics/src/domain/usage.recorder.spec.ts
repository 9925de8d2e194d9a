import { createLogger, type Database, type Logger, LOGGER } from '@app/shared';
import { Test } from '@nestjs/testing';
import { openInMemory } from '../../../../test/support/databases.js';
import { openLedger } from '../../../../test/support/open-ledger.js';
import { ExchangeableDecisions, ExchangeableStore } from '../../../../test/support/exchangeable-stores.js';
import { TestSpools } from '../../../../test/support/spools.js';
import { aUsageRecord } from '../../../../test/support/usage-record.js';
import { usageRepository } from '../analytics.module.js';
import { decisionRepository } from '../decisions.module.js';
import { decisionIn, decisionText } from './decision-text.js';
import type { UsageRecord } from './usage-record.entity.js';
import { Ledger } from './ledger.js';
import { UsageRecorder } from './usage.recorder.js';
import { UsageSpool } from './usage-spool.js';

describe('UsageRecorder', () => {
  let opened: Database[];
  let lines: Record<string, unknown>[];
  let store: ExchangeableStore;
  let decisions: ExchangeableDecisions;
  let ledger: Ledger;
  let spools: TestSpools;
  let logger: Logger;
  let recorder: UsageRecorder;
  let clock = 0;

  beforeEach(async () => {
    opened = [];
    lines = [];
    spools = new TestSpools();
    const write = (text: string): void => {
      lines.push(
        ...text
          .trimEnd()
          .split('\n')
          .map(line => JSON.parse(line) as Record<string, unknown>),
      );
    };
    const database = openStore();
    store = new ExchangeableStore(await usageRepository.useFactory(database));
    decisions = new ExchangeableDecisions(await decisionRepository.useFactory(database));
    ledger = await openLedger(store, decisions);
    logger = createLogger('info', { write });
    recorder = new UsageRecorder(ledger, spools.open(), logger);
  });
  afterEach(async () => {
    await Promise.all(opened.map(database => database.close()));
    spools.remove();
  });

  /** Whose spool has no room. */
  function recordInMemory(): void {
    recorder = new UsageRecorder(ledger, spools.open({ logger, limit: 0 }), logger);
  }

  function openStore(): Database {
    const database = openInMemory();
    opened.push(database);
    return database;
  }

  async function mendStore(): Promise<void> {
    const database = openStore();
    store.store = await usageRepository.useFactory(database);
    decisions.store = await decisionRepository.useFactory(database);
  }

  async function breakStore(): Promise<void> {
    await opened.at(-1)?.close();
  }

  function take(count: number): UsageRecord[] {
    const taken = Array.from({ length: count }, () => aUsageRecord({ receivedAt: clock++ }));
    taken.forEach(r => void recorder.record(r));
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
    expect(messages(50)).toEqual(['The store takes no usage records; they wait in the spool.']);

    await mendStore();
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

  it('writes decisions beside the records that have one, and asks for nothing when none has', async () => {
    take(3);
    await recorder.flush();
    expect(decisions.batches).toBe(0);

    for (const id of ['a', 'b', 'c']) {
      recorder.record(aUsageRecord({ id, receivedAt: clock++ }), id === 'b' ? null : { of: id });
    }
    await recorder.flush();

    const kept = await decisions.page({}, null, 10);
    expect(kept.map(({ decision }) => decisionIn(decision))).toEqual([{ of: 'c' }, { of: 'a' }]);
    expect(kept.map(({ id }) => id)).toEqual(['c', 'a']);
    take(1);
    await recorder.flush();
    expect(decisions.batches).toBe(1);
  });

  it('keeps decisions while the store is down, and writes them once when its answer was lost', async () => {
    await breakStore();
    recorder.record(aUsageRecord({ id: 'early', receivedAt: 1 }), { at: 'early' });
    await recorder.flush();
    await mendStore();
    store.loseAnswer = true;
    await recorder.flush();
    await recorder.flush();

    expect(store.batches).toEqual([1, 1]);
    await expect(decisions.page({}, null, 10)).resolves.toEqual([
      { id: 'early', projectId: 'project-1', decision: decisionText({ at: 'early' }), receivedAt: 1 },
    ]);
  });

  it('reads back from the spool what memory has no room for', async () => {
    await breakStore();
    const taken = take(20_000);
    recorder.record(aUsageRecord({ id: 'last', receivedAt: clock++ }), { of: 'last' });
    await recorder.flush();
    await mendStore();
    await recorder.flush();

    expect(await stored()).toEqual([...taken.map(r => r.id), 'last']);
    expect((await decisions.findById('last'))?.decision).toBe(decisionText({ of: 'last' }));
    expect(recorder.dropped).toBe(0);
    expect(spools.files()).toEqual([]);
  });

  it('stays within its memory when the spool has no room either, and says loudly what it loses', async () => {
    recordInMemory();
    await breakStore();
    const taken = take(20_000);
    await recorder.flush();
    expect(recorder.dropped).toBe(0);
    take(2);
    await recorder.flush();

    expect(recorder.dropped).toBe(2);
    const errors = messages(50);
    expect(errors).toContainEqual(expect.stringContaining('records are being lost'));
    expect(errors).toContainEqual(expect.stringContaining('a crash would lose them'));
    await mendStore();
    await recorder.flush();
    expect(await stored()).toEqual(taken.map(r => r.id));
  });

  it('writes the rest when the gateway stops, before the store closes', async () => {
    const module = await Test.createTestingModule({
      providers: [
        UsageRecorder,
        { provide: Ledger, useValue: ledger },
        { provide: UsageSpool, useValue: spools.open() },
        { provide: LOGGER, useValue: createLogger('silent') },
      ],
    }).compile();
    await module.init();
    recorder = module.get(UsageRecorder);
    const taken = take(250);
    await module.close();

    expect(await stored()).toEqual(taken.map(r => r.id));
  });

  it('says at the end where records wait while the store is down, or that they are lost', async () => {
    await breakStore();
    take(7);
    await recorder.beforeApplicationShutdown();
    expect(lines.at(-1)).toMatchObject({
      level: 40,
      msg: 'The store is down: usage records wait in the spool for the next start.',
    });

    recordInMemory();
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
