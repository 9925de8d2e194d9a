import { startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

interface Told {
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
  readonly x_llmhub?: { readonly usage_estimated?: boolean; readonly cost: number | null };
}

const PROMPT = 'Please count for me. '.repeat(20);
const ASK = `${PROMPT} [[sim:count 200]] [[sim:fault no-usage]]`;
const PICTURE = `data:image/png;base64,${'A'.repeat(200_000)}`;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

/** A call whose vendor tells no usage, with a picture, which is no text. */
function ask(model: string, stream: boolean): Promise<Response> {
  const content = [
    { type: 'text', text: ASK },
    { type: 'image_url', image_url: { url: PICTURE } },
  ];
  return gateway.chat({
    model,
    messages: [{ role: 'user', content }],
    ...(stream && { stream, stream_options: { include_usage: true } }),
  });
}

/** Between half and twice the true count. */
function expectNear(estimate: number, truth: number): void {
  expect(estimate).toBeGreaterThan(truth / 2);
  expect(estimate).toBeLessThan(truth * 2);
}

describe.each(['openai/gpt-4.1-mini', 'anthropic/claude-sonnet-5', 'google/gemini-2.5-flash'])(
  'when %s tells no usage',
  model => {
    it.each([false, true])(
      'the record (stream: %s) holds what was said, marked as an estimate',
      async stream => {
        const response = await ask(model, stream);
        await response.text();
        const record = await usageOf(gateway, response.headers.get('x-request-id'));
        const [vendor = '', name = ''] = model.split('/');
        const sold = gateway.simulator.bill()[vendor]?.[name];

        expect(record).toMatchObject({
          estimated: true,
          outcome: 'completed',
          costNanoUsd: expect.any(Number),
        });
        expectNear(record.inputTokens, Math.ceil(ASK.length / 4));
        expectNear(record.outputTokens, sold?.output ?? 0);
      },
    );

    it('the caller is told that it is one', async () => {
      const { x_llmhub: llmhub } = (await (await ask(model, false)).json()) as Told;

      expect(llmhub).toMatchObject({ usage_estimated: true, cost: expect.any(Number) });
    });
  },
);

it('a translated stream still ends with the usage that was asked for', async () => {
  const text = await (await ask('anthropic/claude-sonnet-5', true)).text();
  const last = JSON.parse(text.trim().split('\n\n').at(-2)?.slice(6) ?? '') as Told;

  expect(last.usage?.completion_tokens).toBeGreaterThan(0);
  expect(last.x_llmhub).toMatchObject({ usage_estimated: true, cost: expect.any(Number) });
});
