import { type ChaosGateway, failuresOf, MODEL, startChaosGateway, TARGETS } from './support/chaos.js';

const CALLS = 300;
const POLICIES = 20;

let gateway: ChaosGateway;

beforeEach(async () => {
  gateway = await startChaosGateway();
  await gateway.makePolicy({ name: 'chat' });
});
afterEach(() => gateway?.stop());

/** The same question in each of the callers' dialects. */
const DIALECTS = {
  '/v1/chat/completions': { model: 'chat', messages: [{ role: 'user', content: 'hi' }] },
  '/v1/responses': { model: 'chat', input: 'hi' },
  '/v1/messages': { model: 'chat', max_tokens: 50, messages: [{ role: 'user', content: 'hi' }] },
  '/v1beta/models/chat:generateContent': { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
};

function post(path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return gateway.call(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

const toldOf = ({ headers }: Response): (string | null)[] => [
  headers.get('x-llmhub-attempts'),
  headers.get('x-llmhub-route'),
];

describe('no target answers', () => {
  it.each(Object.entries(DIALECTS))('and the caller of %s gets one clear 503', async (path, body) => {
    gateway.simulator.chaos([
      { fault: 'status=503' },
      { vendor: 'fireworks', fault: 'status=529' },
      { vendor: 'cerebras', fault: 'drop' },
    ]);
    const response = await post(path, body);
    const text = await response.text();

    expect({ status: response.status, text }).toMatchObject({ status: 503 });
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(toldOf(response)).toEqual(['3', 'chat@1']);
    expect(text).toContain(`together/${MODEL}: 503`);
    expect(text).toContain(`fireworks/${MODEL}: 529`);
    expect(text).toContain(`cerebras/${MODEL}: no answer`);
    expect(gateway.upstreamCalls()).toEqual({ together: 1, fireworks: 1, cerebras: 1 });
  });

  it('and a task says, too, how often it was tried, and by whose choice', async () => {
    gateway.simulator.chaos([{ fault: 'status=503' }]);
    const response = await post('/v1/embeddings', { model: 'chat', input: 'hi' });
    const { together, fireworks, cerebras } = gateway.upstreamCalls();

    expect(response.status).toBe(503);
    expect(toldOf(response)).toEqual([String(together + fireworks + cerebras), 'chat@1']);
  });

  it('nor did anybody choose for a call of a plain model, or ask for one that is refused', async () => {
    gateway.simulator.chaos([{ fault: 'status=503' }]);
    const [{ model } = { model: '' }] = TARGETS;

    expect(
      toldOf(await post('/v1/chat/completions', { ...DIALECTS['/v1/chat/completions'], model })),
    ).toEqual(['1', null]);
    expect(toldOf(await post('/v1/chat/completions', { model }))).toEqual([null, null]);
  });

  it('and the attempts are listed in the metadata', async () => {
    gateway.simulator.chaos([{ fault: 'status=503' }]);
    const response = await post('/v1/chat/completions', DIALECTS['/v1/chat/completions']);
    const { error } = (await response.json()) as { error: object };
    expect(error).toMatchObject({
      type: 'service_unavailable_error',
      code: 'no_target_left',
      metadata: {
        attempts: TARGETS.map(({ model }) => expect.objectContaining({ target: model, status: 503 })),
      },
    });
  });

  it('and the vendors get no storm: their breakers open', async () => {
    gateway.simulator.chaos([{ fault: 'status=503' }]);
    const answers = await gateway.askMany(CALLS, { model: 'chat' });
    expect(answers.filter(({ status }) => status !== 503)).toEqual([]);
    const { together, fireworks, cerebras } = gateway.upstreamCalls();
    expect(together + fireworks + cerebras).toBeLessThanOrEqual(CALLS * 0.2);
  });

  it('nor from failures that open no breaker: retries have a budget', async () => {
    gateway.simulator.chaos([{ fault: 'status=409' }]);
    await gateway.askMany(CALLS, { model: 'chat' });
    const { together, fireworks, cerebras } = gateway.upstreamCalls();
    // One for five calls, after the first ten.
    expect(together + fireworks + cerebras).toBeLessThanOrEqual(CALLS * 1.2 + 10);
    expect(together + fireworks + cerebras).toBeGreaterThan(CALLS);
  });

  it('as a whole, however many policies lead to it', async () => {
    gateway.simulator.chaos([{ fault: 'status=409' }]);
    for (let policy = 0; policy < POLICIES; policy++) {
      await gateway.makePolicy({ name: `dead-${policy}` });
      await gateway.askMany(CALLS / POLICIES, { model: `dead-${policy}` });
    }
    const { together, fireworks, cerebras } = gateway.upstreamCalls();
    expect(together + fireworks + cerebras).toBeLessThanOrEqual(CALLS * 1.2 + 10);
    expect(together + fireworks + cerebras).toBeGreaterThan(CALLS);
  });
});

it('a policy that nobody answers leaves to the others what they have saved', async () => {
  const targets = ['together', 'fireworks'].map(vendor => ({ model: `${vendor}/dead` }));
  await gateway.makePolicy({ name: 'dead', targets });
  await gateway.askMany(50, { model: 'chat' });
  gateway.simulator.chaos([{ model: 'dead', fault: 'status=409' }]);
  await gateway.askMany(100, { model: 'dead' });

  gateway.simulator.chaos([{ vendor: 'together', fault: 'status=409' }]);
  const answers = await gateway.askMany(10, { model: 'chat' });
  expect(failuresOf(answers)).toEqual([]);
});
