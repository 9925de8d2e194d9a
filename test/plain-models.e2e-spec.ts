import { type ChaosGateway, startChaosGateway } from './support/chaos.js';

let gateway: ChaosGateway;
let models = 0;

beforeAll(async () => {
  gateway = await startChaosGateway();
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

/** Of a model whose health nobody knows yet, and that nobody else sells. */
const freshModel = (): string => `together/plain-${++models}`;

const asked = (): number => gateway.upstreamCalls().together;

/** What leaves targets alone that are down. */
const CHOOSING = { 'x-llmhub-provider': '{"only":["together"]}' };

/** What asks for no other model than the one that is named. */
const CHOICELESS: [string, Record<string, string>, string][] = [
  ['nothing', {}, ''],
  ['a deadline', { 'x-llmhub-timeout-ms': '60000' }, ''],
  ['one attempt', { 'x-llmhub-max-attempts': '1' }, ''],
  ['labels', { 'x-llmhub-tags': 'batch', 'x-llmhub-metadata': '{"tier":"free"}' }, ''],
  ['an ending', {}, ':floor'],
  ['all of that', { 'x-llmhub-timeout-ms': '60000', 'x-llmhub-tags': 'batch' }, ':nitro'],
];

describe.each(CHOICELESS)('a call for a plain model that brings %s', (_, headers, ending) => {
  it('is tried once, and told what the vendor said', async () => {
    gateway.simulator.chaos([{ vendor: 'together', fault: 'status=503' }]);
    const answer = await gateway.ask({ model: freshModel() + ending, headers });

    expect([answer.status, asked()]).toEqual([503, 1]);
    expect(answer.code).not.toBe('no_target_left');
  });

  it('goes to a vendor whose circuit breaker is open', async () => {
    const model = freshModel();
    gateway.simulator.chaos([{ vendor: 'together', fault: 'status=503' }]);
    await gateway.askMany(6, { model }, 1);
    gateway.simulator.reset();
    expect(await gateway.ask({ model, headers: CHOOSING })).toMatchObject({
      status: 503,
      code: 'no_target_left',
    });
    expect(asked()).toBe(0);

    expect(await gateway.ask({ model: model + ending, headers })).toMatchObject({ status: 200 });
    expect(asked()).toBe(1);
  });

  it('goes with a key that rests', async () => {
    const model = freshModel();
    gateway.simulator.chaos([{ vendor: 'together', fault: 'status=429,retry-after=60' }]);
    expect(await gateway.ask({ model })).toMatchObject({ status: 429 });
    gateway.simulator.reset();
    expect(await gateway.ask({ model, headers: CHOOSING })).toMatchObject({
      status: 429,
    });

    expect(await gateway.ask({ model: model + ending, headers })).toMatchObject({ status: 200 });
  });
});

describe('a call for a plain model', () => {
  it.each([false, true])('keeps its deadline (streamed: %s)', async stream => {
    gateway.simulator.chaos([{ vendor: 'together', fault: 'delay=60000' }]);
    const headers = { 'x-llmhub-timeout-ms': '150' };
    const answer = await gateway.ask({ model: freshModel(), stream, headers });

    expect(answer).toMatchObject({ status: 504, code: 'upstream_timeout' });
    expect(asked()).toBe(1);
    await gateway.simulator.untilAborted(1);
  });

  it('is tried as often as it says', async () => {
    const model = freshModel();
    gateway.affordRetries(model);
    gateway.simulator.chaos([{ vendor: 'together', fault: 'status=503' }]);
    const answer = await gateway.ask({ model, headers: { 'x-llmhub-max-attempts': '3' } });

    expect(answer).toMatchObject({ status: 503, code: 'no_target_left' });
    expect(asked()).toBe(3);
  });

  it('is explained as it would be tried', async () => {
    const { body } = await gateway.admin<Record<string, unknown>>('POST', '/admin/routing/explain', {
      projectId: gateway.projectId,
      model: `${freshModel()}:floor`,
      headers: { timeoutMs: '5000' },
    });

    expect(body).toMatchObject({
      policy: null,
      candidates: [{ target: `together/plain-${models}`, place: 0, excluded: null }],
      options: { maxAttempts: 1, totalMs: 5000 },
      refusal: null,
    });
  });
});
