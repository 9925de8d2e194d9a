import { readFileSync } from 'node:fs';
import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';

const WAV = readFileSync('samples/hello.wav').toString('base64');

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});

afterAll(() => gateway?.stop());

/** Asks about one attachment and gives what the vendor was sent. */
async function showTo(model: string, part: OpenAI.Chat.ChatCompletionContentPart): Promise<string> {
  const answer = await openai.chat.completions.create({
    model,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'What is in it?' }, part] }],
  });

  expect(answer.choices[0]?.message.content).toContain('What is in it?');
  expect((answer as { x_llmhub?: { warnings: unknown[] } }).x_llmhub?.warnings).toEqual([]);
  return JSON.stringify(gateway.simulator.requests().at(-1)?.body);
}

describe('audio', () => {
  const part: OpenAI.Chat.ChatCompletionContentPart = {
    type: 'input_audio',
    input_audio: { data: WAV, format: 'wav' },
  };

  it.each([
    ['openai/gpt-audio', `"input_audio":{"data":"${WAV}","format":"wav"}`],
    ['google/gemini-3-pro', `"inlineData":{"mimeType":"audio/wav","data":"${WAV}"}`],
  ])('reaches %s whole, in its own words', async (model, wire) => {
    await expect(showTo(model, part)).resolves.toContain(wire);
  });

  it('is refused before it is sent to a vendor that has no ears', async () => {
    const sent = gateway.simulator.requests().length;
    const refused = openai.chat.completions.create({
      model: 'anthropic/claude-sonnet-5',
      messages: [{ role: 'user', content: [part] }],
    });

    await expect(refused).rejects.toMatchObject({ status: 400, param: expect.stringContaining('messages') });
    expect(gateway.simulator.requests()).toHaveLength(sent);
  });
});
