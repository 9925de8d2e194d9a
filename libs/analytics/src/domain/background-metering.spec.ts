import { PriceBook } from '@app/providers';
import type { BackgroundUsage } from '@app/dialects';
import { type Call, Config, createLogger, type Database } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { openLedger } from '../../../../test/support/open-ledger.js';
import { TestSpools } from '../../../../test/support/spools.js';
import { usageRepository } from '../analytics.module.js';
import { decisionRepository } from '../decisions.module.js';
import { BackgroundMetering } from './background-metering.js';
import type { DecisionRepository } from './decision.repository.js';
import { Metering } from './metering.js';
import { PastCalls } from './past-calls.js';
import type { UsageRecord } from './usage-record.entity.js';
import type { Ledger } from './ledger.js';
import { UsageRecorder } from './usage.recorder.js';
import type { UsageRepository } from './usage.repository.js';

const TOLD: BackgroundUsage = {
  id: 'resp_1',
  model: 'gpt-4o',
  status: 'completed',
  usage: { inputTokens: 1000, outputTokens: 100 },
};
const COST = 1000 * 2500 + 100 * 10_000;

describe('BackgroundMetering', () => {
  let database: Database;
  let store: UsageRepository;
  let decisions: DecisionRepository;
  let ledger: Ledger;
  let spools: TestSpools;

  beforeEach(async () => {
    spools = new TestSpools();
    database = openInMemory();
    store = await usageRepository.useFactory(database);
    decisions = await decisionRepository.useFactory(database);
    ledger = await openLedger(store, decisions);
  });
  afterEach(async () => {
    await database.close();
    spools.remove();
  });

  /** One gateway on the store. */
  function gateway(): { recorder: UsageRecorder; metering: Metering; background: BackgroundMetering } {
    const logger = createLogger('silent');
    const recorder = new UsageRecorder(ledger, spools.open(), logger);
    const metering = new Metering(new PriceBook(new Config()), recorder);
    return {
      recorder,
      metering,
      background: new BackgroundMetering(new PastCalls(store, decisions, recorder, logger), metering),
    };
  }

  async function begin({ metering, recorder }: ReturnType<typeof gateway>, told: object): Promise<void> {
    const meter = metering.open(aCall('begin', 'project-1', 'key-1'), '/v1/responses');
    Object.assign(meter, { provider: 'openai', upstreamId: TOLD.id, modelAsked: 'openai/gpt-4o', ...told });
    meter.close({ status: 200, outcome: 'completed' });
    await recorder.flush();
  }

  it('says whom and what the call is for in each of its records: an attempt that was given up, work in the background', async () => {
    const one = gateway();
    const labels = { endUser: null, tags: ['team:search', 'night'] };
    const meter = one.metering.open({ ...aCall('begin', 'project-1', 'key-1'), labels }, '/v1/responses');
    Object.assign(meter, { provider: 'openai', upstreamId: TOLD.id, attempts: 1 });
    meter.noteUser({ metadata: { user_id: 'ada' } });
    meter.leaveAttempt({ provider: 'openai', model: 'gpt-4o' }, null);
    meter.upstreamId = TOLD.id;
    meter.close({ status: 200, outcome: 'completed' });
    await one.recorder.flush();
    const asking = { endUser: 'bob', tags: [] };
    await one.background.record({ ...aCall('a', 'project-1', 'key-2'), labels: asking }, 'openai', TOLD);
    await one.recorder.flush();

    const of = { endUser: 'ada', tags: ['team:search', 'night'] };
    expect(await pages()).toMatchObject([of, of, of]);
  });

  const pages = (): Promise<UsageRecord[]> => store.page({}, null, 100);

  it('leaves one record, for the key that began it, however often and wherever it is told', async () => {
    const [one, other] = [gateway(), gateway()];
    await begin(one, { attempts: 1 });
    const tell = ({ background }: typeof one, id: string): Promise<void> =>
      background.record(aCall(id, 'project-2', 'key-2'), 'openai', TOLD);
    await Promise.all([tell(one, 'a'), tell(one, 'b'), tell(other, 'c')]);
    await one.recorder.flush();
    await other.recorder.flush();
    await tell(other, 'd');
    await other.recorder.flush();

    const [late, begun, ...more] = (await pages()).toSorted((a, b) => b.inputTokens - a.inputTokens);
    expect(more).toEqual([]);
    expect(begun).toMatchObject({ id: 'begin', costNanoUsd: null });
    expect(late).toMatchObject({
      projectId: 'project-1',
      keyId: 'key-1',
      endpoint: '/v1/responses',
      provider: 'openai',
      modelAsked: 'openai/gpt-4o',
      modelUsed: 'gpt-4o',
      upstreamId: 'resp_1',
      outcome: 'completed',
      inputTokens: 1000,
      outputTokens: 100,
      costNanoUsd: COST,
    });
    expect(late?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('leaves none for what was told at once, as a stream does that went to its end', async () => {
    const one = gateway();
    await begin(one, { usage: TOLD.usage, modelUsed: 'gpt-4o' });
    await one.background.record(aCall('a', 'project-1', 'key-1'), 'openai', TOLD);
    await one.recorder.flush();

    expect(await pages()).toHaveLength(1);
  });

  it('leaves it for the key that asks when nobody knows who began it', async () => {
    const one = gateway();
    await begin(one, { provider: 'azure-openai', attempts: 1 }); // its own response of that name
    await one.background.record(aCall('a', 'project-2', 'key-2'), 'openai', { ...TOLD, status: 'cancelled' });
    await one.recorder.flush();

    expect(await pages()).toContainEqual(
      expect.objectContaining({ projectId: 'project-2', outcome: 'aborted', costNanoUsd: COST }),
    );
  });
});

function aCall(id: string, projectId: string, keyId: string): Call {
  return {
    id,
    projectId,
    keyId,
    receivedAt: 1_764_066_030_000,
    startedAt: 1_000_000,
    strict: false,
    annotate: true,
    bodyLimitBytes: 1_000_000,
    fileLimitBytes: 1_000_000,
    defaultChatModel: null,
    defaultTranscriptionModel: null,
    permission: null,
    cache: null,
    quota: null,
    tokens: null,
    routing: null,
    signal: new AbortController().signal,
  };
}
