import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';

const tools: OpenAI.Chat.ChatCompletionTool[] = [
  { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } },
];
const messages = [{ role: 'user' as const, content: 'Hi.' }];

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
afterAll(() => gateway?.stop());

describe.each([
  ['anthropic/claude-opus-5-5', { output_config: { effort: 'low' } }, 'approximated=reasoning_effort'],
  ['anthropic/claude-sonnet-5-5', { thinking: { type: 'between_tools' } }, null],
  ['anthropic/claude-opus-5', { thinking: { type: 'disabled' } }, null],
])('%s', (model, written, warnings) => {
  it('is kept from thinking as far as it can be', async () => {
    const { response } = await openai.chat.completions
      .create({ model, messages, reasoning_effort: 'none' })
      .withResponse();

    expect(response.headers.get('x-llmhub-warnings')).toBe(warnings);
    expect(gateway.simulator.requests().at(-1)?.body).toMatchObject(written);
  });
});

it.each(['anthropic/claude-opus-5-5', 'anthropic/claude-sonnet-5-5'])(
  '%s, which cannot be forced to call a tool, is not asked to',
  async model => {
    const before = gateway.simulator.requests().length;
    const forced = openai.chat.completions.create({ model, messages, tools, tool_choice: 'required' });

    await expect(forced).rejects.toMatchObject({
      status: 400,
      param: 'tool_choice',
      message: expect.stringContaining('Leave it the choice.'),
    });
    expect(gateway.simulator.requests()).toHaveLength(before);
    const free = await openai.chat.completions.create({ model, messages, tools });
    expect(free.choices[0]?.finish_reason).toBe('tool_calls');
  },
);
