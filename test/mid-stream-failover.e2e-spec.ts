import { Anthropic } from '@anthropic-ai/sdk';
import { OpenAI } from 'openai';
import { UsageRecorder } from '@app/analytics';
import { startGateway, type TestGateway } from './support/gateway.js';
import { affordRetries } from './support/retries.js';

const VENDORS = ['together', 'fireworks', 'groq', 'mistral'];
const WORDS = 200;
const SAID = 'lorem '.repeat(WORDS).trim();
const PROMPT = `[[sim:words ${WORDS}]]`;
interface Told {
  readonly provider: string;
  readonly attempts: number;
  readonly outputTokens: number;
  readonly costNanoUsd: number | null;
}

const CUT = { vendor: 'together', fault: 'cut=4000' } as const;

describe('an answer whose vendor dies in the midst of it', () => {
  let gateway: TestGateway;
  let openai: OpenAI;

  beforeAll(async () => {
    gateway = await startGateway(({ url }) => vendorsAt(url));
    openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    await makePolicy('goes-on', true, ['together', 'fireworks', 'groq']);
    await makePolicy('breaks', false, ['together', 'groq']);
    await makePolicy('tools', true, ['together', 'groq']);
    await makePolicy('marked', true, ['together', 'mistral']);
    await makePolicy('nobody', true, ['together', 'fireworks']);
    await makePolicy('honest', false, ['together', 'groq']);
  });
  beforeEach(() => {
    gateway.simulator.reset();
    gateway.simulator.chaos([CUT]);
    affordRetries(gateway, 'well');
  });
  afterAll(() => gateway.stop());

  it('is gone on with by the next target that goes on from a beginning', async () => {
    const { text, llmhub, id } = await streamed('goes-on');

    expect(text).toBe(SAID);
    expect(llmhub).toMatchObject({
      provider: 'groq',
      attempts: 2,
      resumed: [
        {
          from: 'together/model-of-goes-on',
          to: 'groq/model-of-goes-on',
          after_characters: expect.any(Number),
        },
      ],
    });
    const past = await gateway.call(`/v1/generation?id=${id}`);
    expect(await past.json()).toMatchObject({
      data: {
        decision: {
          attempts: [
            { error: 'upstream_unreachable' },
            { error: 'cannot_go_on' },
            { error: null, resumed: true },
          ],
        },
      },
    });
  });

  it('says what has begun in the words of vendors that want to be told', async () => {
    expect((await streamed('marked')).text).toBe(SAID);

    const asked = gateway.simulator.requests().at(-1)?.body as { messages: object[] };
    expect(asked.messages.at(-1)).toMatchObject({ role: 'assistant', prefix: true });
  });

  it('leaves a record for each vendor, and together they are the bill', async () => {
    await streamed('goes-on');

    const [answered, left, ...others] = await latest(2);
    expect(others).toEqual([]);
    expect(
      [answered, left].toSorted((one, two) => (one?.attempts ?? 0) - (two?.attempts ?? 0)),
    ).toMatchObject([
      { provider: 'together', outcome: 'aborted', errorCode: 'attempt_abandoned', estimated: true },
      { provider: 'groq', outcome: 'completed', attempts: 2 },
    ]);
    for (const { provider, outputTokens } of [answered, left].filter(record => record !== undefined)) {
      expect({ provider, isBilled: outputTokens > 10 }).toEqual({ provider, isBilled: true });
    }
  });

  it('tells its caller what all of it cost, at every vendor', async () => {
    const path = `/admin/projects/${gateway.projectId}/routing-policies`;
    const targets = [
      { model: 'together/meta-llama/Llama-3.3-70B-Instruct-Turbo' },
      { model: 'groq/llama-3.3-70b-versatile' },
    ];
    await gateway.admin('POST', path, { name: 'priced', targets, midStreamFailover: true });

    const { llmhub, id } = await streamed('priced');

    const costs = (await latest(2)).map(({ costNanoUsd }) => costNanoUsd ?? NaN);
    const sum = costs.reduce((one, other) => one + other) / 1e9;
    expect(Math.min(...costs)).toBeGreaterThan(0);
    expect(llmhub).toMatchObject({ provider: 'groq', cost: sum });
    const past = await gateway.call(`/v1/generation?id=${id}`);
    expect(await past.json()).toMatchObject({
      data: {
        total_cost: sum,
        provider_name: 'groq',
        abandoned_attempts: [{ model: 'together/meta-llama/Llama-3.3-70B-Instruct-Turbo' }],
      },
    });
  });

  it('tells of the seam where it is, also who asked for no usage', async () => {
    const chat = { model: 'goes-on', stream: true, messages: [{ role: 'user', content: PROMPT }] };
    const completion = { model: 'goes-on', stream: true, max_tokens: 4000, prompt: PROMPT };
    const told = [
      await streamOf('/v1/chat/completions', chat),
      await streamOf('/v1/completions', completion),
    ].map(text => text.match(/"x_llmhub":\{"resumed":\[\{"from":"together[^}]+"to":"groq/g)?.length);
    expect(told).toEqual([1, 1]);
  });

  it('goes on in the words of another dialect', async () => {
    const anthropic = new Anthropic({ apiKey: gateway.projectKey, baseURL: gateway.url, maxRetries: 0 });
    const stream = anthropic.messages.stream({
      model: 'goes-on',
      max_tokens: 4000,
      messages: [{ role: 'user', content: PROMPT }],
    });

    expect(await stream.finalText()).toBe(SAID);
  });

  it.each(['nobody', 'honest'])('is broken off with an error by the policy %s', async name => {
    await expect(streamed(name)).rejects.toThrow(OpenAI.APIError);

    expect(await latest(2)).toContainEqual(expect.objectContaining({ modelAsked: name, outcome: 'cut' }));
  });

  it('counts against the target, though its caller had a part of it', async () => {
    for (let failure = 0; failure < 5; failure++) {
      await expect(streamed('breaks')).rejects.toThrow();
    }

    expect(await streamed('breaks')).toMatchObject({ text: SAID, llmhub: { provider: 'groq', attempts: 1 } });
  });

  it('is not gone on with when a tool was being called', async () => {
    const stream = openai.chat.completions.stream({
      model: 'tools',
      messages: [{ role: 'user', content: `[[sim:arguments {"text":"${'x'.repeat(5000)}"}]] hi` }],
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }],
    });

    await expect(stream.finalMessage()).rejects.toThrow();
    expect(Object.keys(gateway.simulator.calls())).toEqual(['together']);
  });

  async function streamOf(path: string, body: object): Promise<string> {
    gateway.simulator.reset();
    gateway.simulator.chaos([CUT]);
    const headers = { 'content-type': 'application/json' };
    return (await gateway.call(path, { method: 'POST', headers, body: JSON.stringify(body) })).text();
  }

  async function latest(limit: number): Promise<readonly Told[]> {
    await gateway.app.get(UsageRecorder).flush();
    return (await gateway.admin<{ data: readonly Told[] }>('GET', `/admin/usage?limit=${limit}`)).body.data;
  }

  async function makePolicy(
    name: string,
    midStreamFailover: boolean,
    vendors: readonly string[],
  ): Promise<void> {
    // A model of its own: the failures of one test must not open the breaker of another.
    const targets = vendors.map(vendor => ({ model: `${vendor}/model-of-${name}` }));
    const path = `/admin/projects/${gateway.projectId}/routing-policies`;
    const { status } = await gateway.admin('POST', path, { name, targets, midStreamFailover });
    expect(status).toBe(201);
  }

  it('makes no storm of a crowd whose streams all break off', async () => {
    await makePolicy('storm', true, ['groq', 'mistral']);
    gateway.simulator.chaos([{ fault: 'cut=1500' }]);
    const messages = [{ role: 'user', content: PROMPT }];
    await Promise.all(
      Array.from({ length: 100 }, async () =>
        (await gateway.chat({ model: 'storm', stream: true, messages })).text(),
      ),
    );

    expect(gateway.simulator.requests().length).toBeLessThanOrEqual(1.2 * 100 + 10);
  });

  async function streamed(model: string): Promise<{ text: string; llmhub: unknown; id: string | null }> {
    const { data, response } = await openai.chat.completions
      .create({
        model,
        stream: true,
        stream_options: { include_usage: true },
        messages: [{ role: 'user', content: PROMPT }],
      })
      .withResponse();
    let text = '';
    let llmhub: unknown;
    for await (const chunk of data) {
      text += chunk.choices[0]?.delta.content ?? '';
      llmhub = (chunk as { x_llmhub?: unknown }).x_llmhub ?? llmhub;
    }
    return { text, llmhub, id: response.headers.get('x-request-id') };
  }
});

function vendorsAt(url: string): Record<string, string> {
  const settings = VENDORS.flatMap(vendor => {
    const variable = `AI_GATEWAY_PROVIDERS_${vendor.toUpperCase()}`;
    return [
      [`${variable}_BASE_URL`, `${url}/${vendor}/v1`],
      [`${variable}_API_KEY`, `key-of-${vendor}`],
    ];
  });
  return Object.fromEntries(settings);
}
