import { UsageRecorder } from '@app/analytics';
import type { UsageView } from '../libs/analytics/src/api/usage.dto.js';
import { Flights } from '../libs/inference/src/domain/cache/flights.js';
import { askTask, saidIn, type TaskAnswer, TASKS } from './support/cached-tasks.js';
import { Caching, type Owner } from './support/caching.js';
import { eventually } from './support/eventually.js';
import { SharedGround } from './support/shared-ground.js';
import { simulated } from './support/simulated.js';
import { usageOf } from './support/usage.js';

const SHARED = 'hit; age=0; shared';
const [[, PATH, ASKED]] = TASKS as [(typeof TASKS)[0]];

let caching: Caching;
let owner: Owner;

beforeAll(async () => {
  caching = await Caching.start(simulated);
});
beforeEach(async () => {
  caching.gateway.simulator.reset();
  owner = await caching.project();
});
afterEach(() => caching.gateway.simulator.chaos([]));
afterAll(() => caching?.gateway.stop());

function many(count: number, headers: object = {}, path = PATH, body: object = ASKED): Promise<TaskAnswer[]> {
  const ask = { path, body, headers, key: owner.apiKey };
  return Promise.all(Array.from({ length: count }, () => askTask(caching.gateway, ask)));
}

function disturb(fault: string): void {
  caching.gateway.simulator.chaos([{ fault }]);
}

/** Asks until it leaves. */
function askUntil(signal: AbortSignal): Promise<unknown> {
  return askTask(caching.gateway, { path: PATH, body: ASKED, key: owner.apiKey, signal }).catch(() => null);
}

/** Resolves when so many wait for the answer to the call of another one. */
async function joined(count: number): Promise<void> {
  const flights = caching.gateway.app.get(Flights);
  await eventually(() => {
    const [found] = flights['flights'].values();
    expect(found?.flight).toMatchObject({ readers: count + 1 });
  });
}

/** The usage records of the project, once there are so many. */
function records(count: number): Promise<UsageView[]> {
  return eventually(async () => {
    await caching.gateway.app.get(UsageRecorder).flush();
    const of = `/admin/usage?projectId=${owner.id}`;
    const { data } = (await caching.gateway.admin<{ data: UsageView[] }>('GET', of)).body;
    expect(data).toHaveLength(count);
    return data;
  });
}

describe.each(TASKS)('at the same time %s', (_what, path, asked) => {
  it('are asked of the vendor once, paid once, and answered to all, by an answer of their own', async () => {
    disturb('delay=2000');
    const answers = await many(100, {}, path, asked);

    expect(caching.calls).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
    const [asker, ...others] = answers.toSorted((one, other) =>
      String(other.cache).localeCompare(String(one.cache)),
    ) as [TaskAnswer, ...TaskAnswer[]];
    expect(asker.cache).toBe('miss');
    expect(others.map(({ cache }) => cache)).toEqual(Array(99).fill(SHARED));
    expect(new Set(answers.map(({ body }) => JSON.stringify(saidIn(body)))).size).toBe(1);
    if ('id' in asker.body) {
      expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(100);
    }
    const paid = await usageOf(caching.gateway, asker.id);
    expect(paid).toMatchObject({ attempts: 1, cached: false, outcome: 'completed' });
    for (const { id, headers } of others) {
      expect(headers.get('x-llmhub-cost-usd')).toBe('0.000000000');
      await expect(usageOf(caching.gateway, id)).resolves.toMatchObject({
        attempts: 0,
        cached: true,
        costNanoUsd: 0,
        inputTokens: 0,
        savedNanoUsd: paid.costNanoUsd ?? 0,
        outcome: 'completed',
      });
    }
    expect((await many(1, {}, path, asked))[0]?.cache).toBe('hit; age=0');
  }, 20_000);
});

describe('the same task at the same time', () => {
  it('goes on for the others when the one who asked first has left, who pays for it', async () => {
    disturb('delay=1000');
    const leaving = new AbortController();
    const first = askUntil(leaving.signal);
    await eventually(() => expect(caching.calls).toBe(1));
    const others = many(5);
    await joined(5);
    leaving.abort();
    await first;

    expect((await others).map(({ cache }) => cache)).toEqual(Array(5).fill(SHARED));
    expect(caching.calls).toBe(1);
    const paid = (await records(6)).filter(({ cached }) => !cached);
    expect(paid).toMatchObject([{ outcome: 'completed', attempts: 1 }]);
    expect(paid[0]?.costNanoUsd).toBeGreaterThan(0);
    expect((await many(1))[0]?.cache).toBe('hit; age=0');
  });

  it('is hung up on when all have left', async () => {
    disturb('delay=60000');
    const leaving = new AbortController();
    const first = askUntil(leaving.signal);
    await eventually(() => expect(caching.calls).toBe(1));
    const second = askUntil(leaving.signal);
    await joined(1);
    leaving.abort();
    await Promise.all([first, second]);

    const found = await records(2);
    expect(found.map(({ outcome }) => outcome)).toEqual(['aborted', 'aborted']);
    expect(found.map(({ attempts }) => attempts).toSorted()).toEqual([0, 1]);
  });

  it('fails for all as it failed at the vendor, which is not asked again by each', async () => {
    disturb('status=500,delay=500');
    await many(1);
    const asOne = caching.calls;
    const answers = await many(20);

    expect(caching.calls).toBe(2 * asOne);
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(502);
  });

  it.each([
    ['off', { 'x-llmhub-cache': 'off' }],
    ['no-store', { 'cache-control': 'no-store' }],
    ['refresh', { 'x-llmhub-cache': 'refresh' }],
  ])('is asked by each who says %s', async (_, headers) => {
    disturb('delay=200');
    const answers = await many(3, headers);

    expect(caching.calls).toBe(3);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

(SharedGround.isThere ? describe : describe.skip)('the same task at the same time at two gateways', () => {
  let ground: SharedGround;
  let gateways: [Caching, Caching];

  beforeAll(async () => {
    ground = await SharedGround.start();
    gateways = [await Caching.start(ground.env), await Caching.start(ground.env)];
  }, 60_000);
  afterAll(async () => {
    await Promise.all((gateways ?? []).map(({ gateway }) => gateway.stop()));
    await ground?.remove();
  });

  it.each([
    ['small', 2],
    ['of many messages, and larger than what is kept', 50],
  ])(
    'has one answer for all, that is %s',
    async (_, count) => {
      gateways.forEach(({ gateway }) => gateway.simulator.chaos([{ fault: 'delay=4000' }]));
      const { apiKey: key } = await gateways[0].project();
      const input = Array.from({ length: count }, (_text, at) => `text ${at}`);
      const asked = { path: PATH, body: { ...ASKED, input }, key };
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_answer, at) => askTask((gateways[at % 2] as Caching).gateway, asked)),
      );

      expect(gateways[0].calls + gateways[1].calls).toBe(1);
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
      expect(new Set(answers.map(({ body }) => JSON.stringify(saidIn(body)))).size).toBe(1);
      expect(answers[0]?.body['data']).toHaveLength(count);
      expect(answers.filter(({ cache }) => cache === SHARED)).toHaveLength(19);
      gateways.forEach(({ gateway }) => gateway.simulator.reset());
    },
    20_000,
  );
});
