import { type Simulator, startSimulator } from '../src/server.js';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
});
afterAll(() => simulator?.close());

function ask(told: string, more: object = {}): Promise<Response> {
  const messages = [{ role: 'user', content: `Hello. [[sim:usage ${told}]]` }];
  return fetch(`${simulator.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-any' },
    body: JSON.stringify({ model: 'gpt-4.1-mini', messages, ...more }),
  });
}

describe('usage that a prompt scripts', () => {
  it.each([false, true])('is told and billed, whatever was said (stream: %s)', async stream => {
    simulator.reset();
    const more = stream ? { stream, stream_options: { include_usage: true } } : {};
    const text = await (await ask('input=70,cached=20,output=9,reasoning=4,cost=0.5', more)).text();

    expect(text).toMatch(/"prompt_tokens":70,"completion_tokens":9,.*"cached_tokens":20.*"cost":0\.5/);
    expect(simulator.bill()['openai']?.['gpt-4.1-mini']).toMatchObject({
      input: 70,
      cached: 20,
      output: 9,
      reasoning: 4,
    });
  });

  it('is refused when misspelt', async () => {
    expect((await ask('inputs=70')).status).toBe(400);
    expect((await ask('input=many')).status).toBe(400);
  });
});
