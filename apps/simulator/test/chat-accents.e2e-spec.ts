import { startSimulator, type Simulator } from '../src/server.js';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
});
afterAll(() => simulator.close());

const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
const schema = { type: 'json_schema', json_schema: { name: 'x', schema: {} } };
const pdf = { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' } };
const asked = [{ role: 'user', content: 'Hi.' }];

async function chat(vendor: string, body: object): Promise<{ status: number; text: string }> {
  const response = await fetch(`${simulator.url}/${vendor}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', messages: asked, ...body }),
  });
  return { status: response.status, text: await response.text() };
}

describe('vendors that took over the format of OpenAI', () => {
  it.each([
    ['groq', 400, { logprobs: true }],
    ['groq', 400, { messages: [{ role: 'user', name: 'ann', content: 'Hi.' }] }],
    ['groq', 400, { messages: [{ role: 'user', content: [pdf] }] }],
    ['deepseek', 400, { response_format: schema }],
    ['deepseek', 400, { messages: [{ role: 'developer', content: 'Be brief.' }, ...asked] }],
    ['xai', 400, { stop: ['x'] }],
    ['mistral', 422, { seed: 7 }],
    ['mistral', 422, { stream: true, stream_options: { include_usage: true } }],
  ])('refuse: %s, with %i, %j', async (vendor, status, body) => {
    expect(await chat(vendor, body)).toMatchObject({ status });
    expect(await chat('together', body)).toMatchObject({ status: 200 });
  });

  it.each([
    ['groq', /"reasoning":"Think/, /"x_groq":\{"usage":/],
    ['deepseek', /"reasoning_content":"Think/, /\[DONE\]/],
    ['xai', /"reasoning_content":"Think/, /"choices":\[\],"usage":\{/],
    ['mistral', /"thinking":\[\{"type":"text","text":"Think/, /"finish_reason":"stop"\}\],[^]*"usage":\{/],
  ])('show reasoning and usage where %s does', async (vendor, reasoning, usage) => {
    const whole = await chat(vendor, { reasoning_effort: 'high' });
    const streamed = await chat(vendor, { reasoning_effort: 'high', stream: true });

    expect(whole.text).toMatch(reasoning);
    expect(streamed.text).toMatch(reasoning);
    expect(streamed.text).toMatch(usage);
  });

  it.each(['groq', 'xai', 'mistral'])('send a call of %s in one piece', async vendor => {
    const { text } = await chat(vendor, {
      stream: true,
      tools,
      messages: [{ role: 'user', content: '[[sim:arguments {"a":"}]}"}]]' }],
    });

    expect(text.match(/"tool_calls":/g)).toHaveLength(1);
    expect(text).toContain(String.raw`"arguments":"{\"a\":\"}]}\"}"`);
  });

  it('want ids of calls as Mistral has them', async () => {
    const whole = await chat('mistral', { tools });

    expect(await chat('mistral', afterCall('abcDEF123'))).toMatchObject({ status: 200 });
    expect(await chat('mistral', afterCall('call_1'))).toMatchObject({ status: 400 });
    expect(whole.text).toMatch(/"id":"\d{9}"/);
  });

  it('want reasoning back, as DeepSeek does of a turn that called tools', async () => {
    const forgotten = { ...afterCall('a'), reasoning_effort: 'high' };
    const kept = { ...afterCall('a', { reasoning_content: '' }), reasoning_effort: 'high' };

    expect(await chat('deepseek', forgotten)).toMatchObject({ status: 400 });
    expect(await chat('deepseek', kept)).toMatchObject({ status: 200 });
  });
});

function afterCall(id: string, more: object = {}): object {
  const call = { id, type: 'function', function: { name: 'f', arguments: '{}' } };
  return {
    messages: [
      ...asked,
      { role: 'assistant', tool_calls: [call], ...more },
      { role: 'tool', tool_call_id: id, content: '1' },
    ],
  };
}
