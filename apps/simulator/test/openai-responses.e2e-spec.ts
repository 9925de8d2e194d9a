import OpenAI from 'openai';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';

type Item = OpenAI.Responses.ResponseInputItem;

describe('OpenAI Responses', () => {
  let simulator: Simulator;
  let openai: OpenAI;

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
    openai = new OpenAI({ apiKey: 'key', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
  });
  afterAll(() => simulator.close());

  it('calls a free-text tool of an announced namespace, streamed, and repeats its result', async () => {
    const input: Item[] = [
      {
        type: 'additional_tools',
        role: 'developer',
        tools: [
          {
            type: 'namespace',
            name: 'functions',
            description: '',
            tools: [{ type: 'custom', name: 'exec' }],
          },
        ],
      },
      { role: 'user', content: '[[sim:step functions.exec text("Grüße")]]' },
    ];
    const stream = openai.responses.stream({ model: 'gpt-6.1-sol', input });
    let said = '';
    for await (const event of stream) {
      said += event.type === 'response.custom_tool_call_input.delta' ? event.delta : '';
    }
    const call = (await stream.finalResponse()).output.find(({ type }) => type === 'custom_tool_call');
    if (call?.type !== 'custom_tool_call') {
      throw new Error('No call.');
    }

    expect(call).toMatchObject({ namespace: 'functions', name: 'exec', input: 'text("Grüße")' });
    expect(said).toBe('text("Grüße")');

    const { output_text } = await openai.responses.create({
      model: 'gpt-6.1-sol',
      input: [...input, call, { type: 'custom_tool_call_output', call_id: call.call_id, output: '42' }],
    });
    expect(output_text).toBe('Tool functions.exec said: 42');
  });
});
