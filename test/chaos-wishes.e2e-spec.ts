import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ChaosGateway, MODEL, startChaosGateway, VENDORS } from './support/chaos.js';

type Vendor = (typeof VENDORS)[number];

/** In USD for a million tokens: the later, the cheaper. */
const PRICES: Readonly<Record<Vendor, number>> = { together: 3, fireworks: 2, cerebras: 1 };

/** What most of these calls ask for first, which then fails. */
const ASKED = ['chat', 'together/down', 'fireworks/down', 'together/only-together'];

let gateway: ChaosGateway;

beforeAll(async () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'prices-')), 'prices.json');
  const entries = VENDORS.flatMap(vendor => {
    const rate = PRICES[vendor] / 1e6;
    const price = { input_cost_per_token: rate, output_cost_per_token: rate };
    return [`${vendor}/${MODEL}`, `${vendor}/only-${vendor}`].map(model => [model, price]);
  });
  writeFileSync(file, JSON.stringify(Object.fromEntries(entries)));
  gateway = await startChaosGateway({ AI_GATEWAY_PRICES_FILE: file });
  await gateway.makePolicy({ name: 'chat' });
});
beforeEach(() => {
  gateway.simulator.reset();
  ASKED.forEach(name => gateway.affordRetries(name));
});
afterAll(() => gateway?.stop());

interface Answer {
  readonly status: number;
  readonly vendor: string | null;
  readonly error:
    { readonly message: string; readonly code: string; readonly param: string | null } | undefined;
}

async function ask(wishes: object, headers: Record<string, string> = {}): Promise<Answer> {
  const body = { model: 'chat', messages: [{ role: 'user', content: 'hi' }], ...wishes };
  const response = await gateway.chat(body, { headers });
  const { error } = (await response.json()) as Pick<Answer, 'error'>;
  return { status: response.status, vendor: response.headers.get('x-llmhub-provider'), error };
}

/** Vendors in the order in which they were asked. */
function asked(): string[] {
  return gateway.simulator.requests().map(({ path: at }) => at.split('/')[1] ?? '');
}

describe('models', () => {
  it.each([
    ['of the body', { models: [`fireworks/down`, `cerebras/up`] }, {}],
    ['of the header', {}, { 'x-llmhub-models': 'fireworks/down, cerebras/up' }],
    [
      'of both: the header rules',
      { models: ['together/up'] },
      { 'x-llmhub-models': 'fireworks/down,cerebras/up' },
    ],
  ])('%s are fallen back on, in their order', async (_, wishes, headers) => {
    gateway.simulator.chaos([{ model: 'down', fault: 'status=500' }]);
    await expect(ask({ model: 'together/down', ...wishes }, headers)).resolves.toMatchObject({
      status: 200,
      vendor: 'cerebras',
    });
    expect(asked()).toEqual(['together', 'fireworks', 'cerebras']);
    expect(gateway.simulator.requests().map(({ body }) => Object.keys(body as object))).toEqual(
      Array.from({ length: 3 }, () => ['model', 'messages']),
    );
  });

  it('may stand without a model: the first of them is asked for', async () => {
    gateway.simulator.chaos([{ model: 'down', fault: 'status=500' }]);
    const models = ['fireworks/down', 'cerebras/up'];
    await expect(ask({ model: undefined, models })).resolves.toMatchObject({
      status: 200,
      vendor: 'cerebras',
    });
    expect(asked()).toEqual(['fireworks', 'cerebras']);
  });
});

describe('provider', () => {
  it('requires that nothing of the request is lost in another dialect', async () => {
    const wishes = { model: 'anthropic/claude-haiku-4-5', models: ['openai/gpt-4o'], seed: 4 };

    expect(await ask(wishes)).toMatchObject({ status: 200, vendor: 'anthropic' });
    expect(await ask({ ...wishes, provider: { require_parameters: true } })).toMatchObject({
      status: 200,
      vendor: 'openai',
    });
  });

  it.each<[object, string[]]>([
    [{ order: ['cerebras', 'fireworks'] }, ['cerebras', 'fireworks', 'together']],
    [{ order: ['Fireworks'], allow_fallbacks: false }, ['fireworks']],
    [{ allow_fallbacks: false }, ['together']],
    [{ only: ['fireworks', 'cerebras'] }, ['fireworks', 'cerebras']],
    [{ ignore: ['together', 'cerebras'] }, ['fireworks']],
    [{ sort: 'price' }, ['cerebras', 'fireworks', 'together']],
    [{ max_price: { prompt: 2.5 } }, ['fireworks', 'cerebras']],
    [{ max_price: { prompt: '3', completion: 1 } }, ['cerebras']],
    [{ require_parameters: true, only: ['cerebras', 'fireworks'] }, ['fireworks']],
  ])('%j decides who is asked', async (provider, vendors) => {
    // A refusal that says nothing of the vendors: all that may be asked are, and stay well.
    gateway.simulator.chaos([{ fault: 'status=404' }]);
    const answer = await ask({ provider, frequency_penalty: 0.5 });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(asked()).toEqual(vendors);

    gateway.simulator.reset();
    gateway.simulator.chaos([{ fault: 'status=404' }]);
    await ask({ frequency_penalty: 0.5 }, { 'x-llmhub-provider': JSON.stringify(provider) });
    expect(asked()).toEqual(vendors);
  });

  it('finds the other vendors of a model that was asked for with one', async () => {
    await ask({ model: `together/${MODEL}`, provider: { sort: 'price' } });
    await ask({ model: `together/${MODEL}:floor` });
    expect(asked()).toEqual(['cerebras', 'cerebras']);
  });

  it.each<[unknown, string[]]>([
    ['price', ['together', 'cerebras']],
    [{ by: 'price' }, ['together', 'cerebras']],
    [{ by: 'price', partition: 'model' }, ['together', 'cerebras']],
    [{ by: 'price', partition: 'none' }, ['cerebras', 'together']],
  ])('sorts by %j the models that were asked for, or all of their vendors as one', async (sort, vendors) => {
    gateway.simulator.chaos([{ fault: 'status=404' }]);
    const models = ['together/only-together', 'cerebras/only-cerebras'];
    await ask({ model: undefined, models, provider: { sort } });
    expect(asked()).toEqual(vendors);
  });

  it(':nitro goes where tokens flow fastest', async () => {
    gateway.simulator.chaos([
      { vendor: 'together', fault: 'delay=40' },
      { vendor: 'cerebras', fault: 'delay=40' },
    ]);
    for (const vendor of VENDORS) {
      for (let call = 0; call < 10; call++) {
        await ask({ model: `${vendor}/${MODEL}` });
      }
    }
    await expect(ask({ model: `together/${MODEL}:nitro` })).resolves.toMatchObject({ vendor: 'fireworks' });
  });

  it('that leaves nobody says of each vendor why', async () => {
    const answer = await ask({ provider: { max_price: { prompt: 0.5 } } });
    expect(answer).toMatchObject({ status: 400, error: { code: 'no_fitting_target' } });
    for (const vendor of VENDORS) {
      expect(answer.error?.message).toContain(`${vendor}/${MODEL}: over provider.max_price.prompt`);
    }
    expect(asked()).toEqual([]);
  });
});

describe('x-llmhub-max-attempts', () => {
  it('lets a call be tried as often as that', async () => {
    gateway.simulator.chaos([{ fault: 'status=404' }]);
    await ask({}, { 'x-llmhub-max-attempts': '2' });
    expect(asked()).toEqual(['together', 'fireworks']);
  });
});

describe('rules of a policy', () => {
  beforeAll(() =>
    gateway.makePolicy({
      name: 'ruled',
      rules: [
        { when: { tags: ['batch'] }, targets: [`cerebras/${MODEL}`] },
        { when: { metadata: { tier: 'free' }, stream: false }, targets: [`fireworks/${MODEL}`] },
        {
          when: { minInputTokens: 1000 },
          targets: [`cerebras/${MODEL}`, `fireworks/${MODEL}`],
          strategy: 'cheapest',
        },
      ],
    }),
  );

  it.each<[string, string, object, Record<string, string>]>([
    ['nothing', 'together', {}, {}],
    ['tags', 'cerebras', {}, { 'x-llmhub-tags': 'night, batch' }],
    ['other tags', 'together', {}, { 'x-llmhub-tags': 'night' }],
    ['metadata', 'fireworks', { metadata: { tier: 'free' } }, {}],
    ['metadata of the header', 'fireworks', {}, { 'x-llmhub-metadata': '{"tier":"free"}' }],
    [
      'metadata of both',
      'together',
      { metadata: { tier: 'free' } },
      { 'x-llmhub-metadata': '{"tier":"paid"}' },
    ],
    ['size', 'cerebras', { messages: [{ role: 'user', content: 'word '.repeat(2000) }] }, {}],
  ])('%s: %s', async (_, vendor, wishes, headers) => {
    await expect(ask({ model: 'ruled', ...wishes }, headers)).resolves.toMatchObject({ status: 200, vendor });
  });
});

describe('what cannot be read', () => {
  it.each<[string, object, Record<string, string>]>([
    ['models', { models: 'together/up' }, {}],
    ['models', { models: [''] }, {}],
    ['models', { models: Array.from({ length: 21 }, () => 'a') }, {}],
    ['provider', { provider: 'together' }, {}],
    ['provider.order', { provider: { order: 'together' } }, {}],
    ['provider.only', { provider: { only: [1] } }, {}],
    ['provider.ignore', { provider: { ignore: {} } }, {}],
    ['provider.sort', { provider: { sort: 'luck' } }, {}],
    ['provider.max_price', { provider: { max_price: 3 } }, {}],
    ['provider.max_price.prompt', { provider: { max_price: { prompt: -1 } } }, {}],
    ['provider.max_price.request', { provider: { max_price: { request: 'cheap' } } }, {}],
    ['provider.require_parameters', { provider: { require_parameters: 'yes' } }, {}],
    ['provider.allow_fallbacks', { provider: { allow_fallbacks: 1 } }, {}],
    ['provider.order', { provider: { order: ['togther'] } }, {}],
    ['provider.only', { provider: { only: ['together', 'deepinfra'] } }, {}],
    ['x-llmhub-provider.ignore', {}, { 'x-llmhub-provider': '{"ignore":["togehter"]}' }],
    ['provider.data_collection', { provider: { data_collection: 'deny' } }, {}],
    ['x-llmhub-models', {}, { 'x-llmhub-models': 'a,,b' }],
    ['x-llmhub-provider', {}, { 'x-llmhub-provider': 'together' }],
    ['x-llmhub-provider.sort', {}, { 'x-llmhub-provider': '{"sort":1}' }],
    ['x-llmhub-max-attempts', {}, { 'x-llmhub-max-attempts': '0' }],
    ['x-llmhub-max-attempts', {}, { 'x-llmhub-max-attempts': 'many' }],
    ['x-llmhub-timeout-ms', {}, { 'x-llmhub-timeout-ms': '1.5' }],
    ['x-llmhub-max-attemps', {}, { 'x-llmhub-max-attemps': '1' }],
    ['x-llmhub-tags', { model: 'ruled' }, { 'x-llmhub-tags': ',' }],
    ['x-llmhub-metadata', { model: 'ruled' }, { 'x-llmhub-metadata': '[1]' }],
  ])('is refused by name: %s (%j %j)', async (param, wishes, headers) => {
    const answer = await ask(wishes, headers);
    expect(answer).toMatchObject({ status: 400, error: { param } });
    expect(answer.error?.message).toContain(`'${param}'`);
    expect(asked()).toEqual([]);
  });

  it('is not what an answer said of itself, carried into the next request', async () => {
    const answer = await gateway.chat({ model: 'chat', messages: [{ role: 'user', content: 'hi' }] });
    const { 'x-llmhub-provider': provider, ...ours } = Object.fromEntries(
      [...answer.headers].filter(([name]) => name.startsWith('x-llmhub-')),
    );
    expect([provider, Object.keys(ours)]).toEqual(['together', expect.arrayContaining(['x-llmhub-route'])]);
    await expect(ask({}, ours)).resolves.toMatchObject({ status: 200 });
  });
});
