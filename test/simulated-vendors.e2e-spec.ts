import { catalog } from '@app/providers';
import { startGateway, type TestGateway } from './support/gateway.js';
import { type RawVendor, startRawVendor } from './support/raw-vendor.js';
import { startSimulatedGateway } from './support/simulated.js';

const chatWith = (vendor: string) => ({
  model: `${vendor}/m`,
  messages: [{ role: 'user', content: '[[sim:say Hello.]]' }],
});

describe('a gateway without any key', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startSimulatedGateway();
  });
  afterAll(() => gateway?.stop());

  it.each(catalog.filter(({ tasksOnly }) => !tasksOnly).map(({ id }) => id))(
    'answers for %s from the simulator',
    async id => {
      const response = await gateway.chat(chatWith(id));

      expect(response.headers.get('x-llmhub-simulated')).toBe('true');
      expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'Hello.' } }] });
      expect(Object.keys(gateway.simulator.bill())).toContain(id);
    },
  );

  it('lists the models that the simulator plays', async () => {
    const { data } = (await (await gateway.call('/v1/models')).json()) as { data: { id: string }[] };
    const ids = data.map(({ id }) => id);

    expect(ids).toEqual(expect.arrayContaining(['openai/gpt-5', 'anthropic/claude-sonnet-5', 'groq/gpt-5']));
  });
});

describe('vendors with addresses of their own', () => {
  let raw: RawVendor;
  let gateway: TestGateway;
  const asked: { url: string; key: string | string[] | undefined; bearer: string | undefined }[] = [];

  beforeAll(async () => {
    raw = await startRawVendor();
    gateway = await startGateway({
      AI_GATEWAY_PROVIDERS_AZURE_OPENAI_BASE_URL: `${raw.url}/openai/deployments/{model}?api-version=2024-10-21`,
      AZURE_OPENAI_API_KEY: 'azure-1234567890',
      AI_GATEWAY_PROVIDERS_OLLAMA_BASE_URL: `${raw.url}/v1`,
    });
    raw.onRequest(({ url = '', headers }) =>
      asked.push({ url, key: headers['api-key'], bearer: headers.authorization }),
    );
    raw.answer(response =>
      response.end(
        JSON.stringify({
          id: 'c-1',
          choices: [{ index: 0, message: { role: 'assistant', content: 'Hi.' }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
        }),
      ),
    );
  });
  afterAll(async () => {
    await gateway.stop();
    await raw.close();
  });

  it('are asked there, each shown its key as it wants to see it', async () => {
    expect((await gateway.chat(chatWith('azure-openai'))).status).toBe(200);
    expect((await gateway.chat(chatWith('ollama'))).status).toBe(200);

    expect(asked).toEqual([
      {
        url: '/openai/deployments/m/chat/completions?api-version=2024-10-21',
        key: 'azure-1234567890',
        bearer: undefined,
      },
      { url: '/v1/chat/completions', key: undefined, bearer: undefined },
    ]);
  });

  it('are not guessed', async () => {
    const other = await startGateway({ AZURE_OPENAI_API_KEY: 'azure-1234567890' });
    try {
      const response = await other.chat(chatWith('azure-openai'));

      expect(response.status).toBe(502);
      expect(await response.json()).toMatchObject({ error: { code: 'no_provider_address' } });
    } finally {
      await other.stop();
    }
  });
});
