import OpenAI from 'openai';
import type { TestGateway } from './support/gateway.js';
import { startSimulatedGateway } from './support/simulated.js';

const CITY = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const NAMESPACE = {
  type: 'namespace' as const,
  name: 'mcp__weather',
  description: 'What the sky does.',
  tools: [{ type: 'function' as const, name: 'look', parameters: CITY, strict: false }],
};
const PATCH = { type: 'custom' as const, name: 'apply_patch', description: 'Changes files.' };

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
afterAll(() => gateway?.stop());

type Body = OpenAI.Responses.ResponseCreateParamsNonStreaming;

/** The items of an answer, whole and as its last event has them. */
async function bothWays(body: Body): Promise<OpenAI.Responses.ResponseOutputItem[][]> {
  const whole = await openai.responses.create(body);
  const last = await openai.responses.stream({ ...body, stream: true }).finalResponse();
  return [whole.output, last.output];
}

describe.each(['anthropic/claude-sonnet-5', 'google/gemini-3-pro', 'groq/gpt-5'])(
  'newer tools at %s',
  model => {
    it('in a namespace are called by their names in it, and answered', async () => {
      const input = 'Weather in Paris?';
      for (const output of await bothWays({ model, input, tools: [NAMESPACE] })) {
        const call = output.find(item => item.type === 'function_call');
        const answer = await openai.responses.create({
          model,
          tools: [NAMESPACE],
          input: [
            { role: 'user', content: input },
            ...(output as OpenAI.Responses.ResponseInputItem[]),
            { type: 'function_call_output', call_id: call?.call_id ?? '', output: 'sunny' },
          ],
        });

        expect(call).toMatchObject({ name: 'look', namespace: 'mcp__weather' });
        expect(answer.output_text).toContain('sunny');
        expect(answer).toMatchObject({ x_llmhub: { warnings: [] } });
      }
      expect(JSON.stringify(gateway.simulator.requests().at(-1)?.body)).toContain('"mcp__weather__look"');
    });
  },
);

it.each(['anthropic/claude-sonnet-5', 'google/gemini-3-pro'])(
  'a free-text tool is called with free text by %s, which knows functions only',
  async model => {
    for (const output of await bothWays({ model, input: 'Change it.', tools: [PATCH] })) {
      const call = output.find(item => item.type === 'custom_tool_call');

      expect(call).toMatchObject({ name: 'apply_patch', input: expect.stringMatching(/^[^{]/) });
    }
  },
);

it('a tool that only OpenAI runs is refused by name where it is alone', async () => {
  const tools: Body['tools'] = [{ type: 'tool_search' }];
  const refused = openai.responses.create({ model: 'google/gemini-3-pro', input: 'Hi', tools });

  await expect(refused).rejects.toMatchObject({
    status: 400,
    param: 'tools',
    message: expect.stringContaining("'tool_search'"),
  });
});
