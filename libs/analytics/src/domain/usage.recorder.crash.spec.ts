import { createLogger, type Database, type Logger } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { openLedger } from '../../../../test/support/open-ledger.js';
import { ExchangeableStore } from '../../../../test/support/exchangeable-stores.js';
import { TestSpools } from '../../../../test/support/spools.js';
import { aBatch, aUsageRecord } from '../../../../test/support/usage-record.js';
import { usageRepository } from '../analytics.module.js';
import { decisionRepository } from '../decisions.module.js';
import type { DecisionRepository } from './decision.repository.js';
import { decisionIn } from './decision-text.js';
import type { Ledger } from './ledger.js';
import { UsageRecorder } from './usage.recorder.js';

describe('UsageRecorder whose process is killed', () => {
  let database: Database;
  let lines: Record<string, unknown>[];
  let logger: Logger;
  let store: ExchangeableStore;
  let decisions: DecisionRepository;
  let ledger: Ledger;
  let spools: TestSpools;
  let recorder: UsageRecorder;

  beforeEach(async () => {
    const told: Record<string, unknown>[] = []; // what a recorder of an earlier test still says is not of this one
    lines = told;
    logger = createLogger('warn', {
      write: (line: string) => void told.push(JSON.parse(line) as Record<string, unknown>),
    });
    database = openInMemory();
    store = new ExchangeableStore(await usageRepository.useFactory(database));
    decisions = await decisionRepository.useFactory(database);
    ledger = await openLedger(store, decisions);
    spools = new TestSpools();
    recorder = new UsageRecorder(ledger, spools.open(), logger);
  });
  afterEach(async () => {
    await database.close();
    spools.remove();
  });

  function next(): UsageRecorder {
    return new UsageRecorder(ledger, spools.openKilled(), logger);
  }

  async function stored(): Promise<string[]> {
    const records = await store.page({}, null, 1000);
    return records.map(({ id, outcome }) => `${id} ${outcome}`).toReversed();
  }

  it('has in the spool whatever it was given, until the store has it', async () => {
    await recorder.record(aUsageRecord({}));
    expect(spools.files()).toHaveLength(1);
    await recorder.flush();
    expect(spools.files()).toEqual([]);
  });

  it('leaves its calls to the next one, which sends each once', async () => {
    const taken = Array.from({ length: 250 }, (_none, n) => aUsageRecord({ id: `call-${n}`, receivedAt: n }));
    taken.forEach(usage => void recorder.record(usage));
    store.loseAnswer = true;
    await recorder.flush(); // the store has the first batch, and the file of it is there yet
    store.refused = 'call-0'; // it lives on, and would ship, and delete, what the next one finds
    await recorder.record(aUsageRecord({ id: 'last', receivedAt: 1000 }), { of: 'last' });
    const own = await openLedger(new ExchangeableStore(store.store), decisions);
    const second = new UsageRecorder(own, spools.openKilled(), logger);
    second.onApplicationBootstrap();
    await second.flush();

    expect(await stored()).toEqual([...taken, { id: 'last' }].map(({ id }) => `${id} completed`));
    expect(decisionIn((await decisions.findById('last'))?.decision ?? '')).toEqual({ of: 'last' });
    expect(spools.files()).toEqual([]);
  });

  it('leaves the calls that were under way as unsettled, but for those whose end the store knows', async () => {
    const begun = ['known', 'lost'].map((id, n) => aUsageRecord({ id, receivedAt: n }));
    begun.forEach(call => void recorder.begin(call));
    await recorder.record(aUsageRecord({ id: 'ended', receivedAt: 2 }));
    await store.insertMany(begun.slice(0, 1), aBatch());
    await next().flush();

    expect(await stored()).toEqual(['known completed', 'lost unsettled', 'ended completed']);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 40,
        calls: 1,
        msg: expect.stringContaining("'unsettled'") as unknown,
      }),
    ]);
    expect(spools.files()).toEqual([]);
  });

  it('makes one record of a call that was under way, and ships it as one batch, also when the next one is killed', async () => {
    await recorder.begin(aUsageRecord({ id: 'lost' }));
    store.refused = 'lost';
    await next().flush(); // it spools the call, and is killed before the store takes it
    expect(await stored()).toEqual([]);
    store.refused = null;
    await next().flush();

    expect(await stored()).toEqual(['lost unsettled']);
    const [first, second] = store.batchesOf.get('lost') ?? [];
    expect(first?.spool).toMatch(/^\d{13}-[0-9a-f]{6}$/);
    expect(second).toEqual(first);
    expect(lines.filter(({ calls }) => calls === 1)).toHaveLength(1);
    expect(spools.files()).toEqual([]);
  });

  it('names a batch as before when the next one ships it', async () => {
    store.refused = 'c';
    for (const id of ['a', 'b', 'c']) {
      await recorder.record(aUsageRecord({ id }));
      await recorder.flush();
    }
    store.refused = null;
    await next().flush();

    const batches = ['a', 'b', 'c'].map(id => store.batchesOf.get(id) ?? []);
    const [first = { spool: '', seq: 0 }] = batches.flat();
    const of = (seq: number) => ({ spool: first.spool, seq: first.seq + seq });
    expect(batches).toEqual([[of(0)], [of(1)], [of(2), of(2)]]);
  });

  it('leaves them also while the store is down', async () => {
    await recorder.begin(aUsageRecord({ id: 'lost' }));
    await database.close();
    const second = next();
    await second.flush();
    expect(spools.files()).toHaveLength(1);
    database = openInMemory();
    store.store = await usageRepository.useFactory(database);
    await second.flush();

    expect(await stored()).toEqual(['lost unsettled']);
    expect(spools.files()).toEqual([]);
  });
});
