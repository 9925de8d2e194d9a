import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startGateway, type TestGateway } from './support/gateway.js';
import { type ListeningVendor, startListeningVendor } from './support/listening-vendor.js';

const LIMITED = {
  image_input: false,
  document_input: false,
  audio_input: false,
  tools: false,
  structured_output: false,
  output_modalities: ['text'],
  max_output_tokens: 100,
};
const said = (...content: object[]) => ({ messages: [{ role: 'user', content }] });
const hello = { messages: [{ role: 'user', content: 'Hi.' }] };
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
const audio = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } };
const pdf = { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a.pdf' } };
const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
const schema = { type: 'json_schema', json_schema: { name: 's', schema: { type: 'object' } } };

describe('what a model is known to be unable to do', () => {
  let folder: string;
  let vendor: ListeningVendor;
  let gateway: TestGateway;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'models-'));
    const file = path.join(folder, 'models.json');
    writeFileSync(
      file,
      JSON.stringify({
        'openai/limited*': LIMITED,
        'anthropic/limited*': LIMITED,
        'google/limited*': LIMITED,
      }),
    );
    vendor = await startListeningVendor();
    vendor.answer(response =>
      response.end(
        JSON.stringify({
          id: 'c-1',
          choices: [{ index: 0, message: { role: 'assistant', content: 'Hi.' }, finish_reason: 'stop' }],
        }),
      ),
    );
    gateway = await startGateway({
      AI_GATEWAY_MODELS_FILE: file,
      AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `${vendor.url}/v1`,
      AI_GATEWAY_PROVIDERS_ANTHROPIC_BASE_URL: vendor.url,
      AI_GATEWAY_PROVIDERS_GOOGLE_BASE_URL: vendor.url,
    });
  });
  afterAll(async () => {
    await gateway?.stop();
    await vendor?.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    vendor.heard.length = 0;
  });

  describe.each(['openai', 'anthropic', 'google'])('at %s', id => {
    it.each<[string, object, unknown]>([
      ['an image', said(image), expect.stringMatching(/^messages\.content\./)],
      ['audio', said(audio), expect.stringMatching(/^messages\.content\./)],
      ['a PDF', said(pdf), expect.stringMatching(/^messages\.content\./)],
      ['tools', { ...hello, tools }, 'tools'],
      ['a schema', { ...hello, response_format: schema }, 'response_format'],
      ['spoken answers', { ...hello, modalities: ['text', 'audio'] }, 'modalities'],
    ])('is refused before the vendor is asked: %s', async (_, body, field) => {
      const response = await gateway.chat({ model: `${id}/limited-1`, ...body });

      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: { type: 'invalid_request_error', code: 'unsupported_fields', param: field },
      });
      expect(vendor.heard).toEqual([]);
    });
  });

  it('is made less where that changes nothing but the length, and told', async () => {
    const response = await gateway.chat({
      model: 'openai/limited-1',
      ...hello,
      max_completion_tokens: 1000,
      future_field: { a: 1 },
    });

    expect(response.status).toBe(200);
    expect(response.headers.get('x-llmhub-warnings')).toBe('approximated=max_completion_tokens');
    expect(JSON.parse(vendor.heard[0]?.body ?? '')).toEqual({
      model: 'limited-1',
      ...hello,
      max_completion_tokens: 100,
      future_field: { a: 1 },
    });
    const strict = await gateway.chat(
      { model: 'openai/limited-1', ...hello, max_completion_tokens: 1000 },
      { headers: { 'x-llmhub-strict': 'true' } },
    );
    expect(strict.status).toBe(400);
  });

  it('is not guessed: what is within the limits, or of a model unknown, passes as it came', async () => {
    const within = JSON.stringify({
      ...hello,
      max_tokens: 100,
      modalities: ['text'],
      model: 'openai/limited-1',
    });
    const unknown = JSON.stringify({
      ...said(image, audio, pdf),
      tools,
      max_tokens: 1e9,
      model: 'openai/unheard-of',
    });
    for (const body of [within, unknown]) {
      expect((await gateway.chat(body)).status).toBe(200);
      expect(vendor.heard.at(-1)?.body).toBe(body.replace('"openai/', '"'));
    }
  });
});
