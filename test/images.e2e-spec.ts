import { readdirSync } from 'node:fs';
import path from 'node:path';
import OpenAI, { BadRequestError, toFile } from 'openai';
import { pictureOf } from '../apps/simulator/src/images/png.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

const PICTURE = pictureOf('a picture of the caller');
const GOOGLE = 'google/gemini-2.5-flash-image';

let gateway: TestGateway;
let client: OpenAI;

beforeAll(async () => {
  gateway = await startGateway();
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.projectKey, maxRetries: 0 });
});
beforeEach(() => gateway.simulator.reset());
afterEach(() => eventually(() => expect(readdirSync(path.join(gateway.dataDir, 'tmp'))).toEqual([])));
afterAll(() => gateway?.stop());

const picture = (name = 'mine.png') => toFile(PICTURE, name, { type: 'image/png' });
const lastBody = () => gateway.simulator.requests().at(-1)?.body as Record<string, unknown>;

describe('pictures of OpenAI', () => {
  it('are made as asked, metered and priced', async () => {
    const { data: answer, response } = await client.images
      .generate({ model: 'openai/gpt-image-1', prompt: 'A red bicycle.', n: 2, quality: 'low' })
      .withResponse();
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    const sold = gateway.simulator.bill()['openai']?.['gpt-image-1'];

    expect(lastBody()).toEqual({
      model: 'gpt-image-1',
      prompt: 'A red bicycle.',
      n: 2,
      quality: 'low',
    });
    expect(answer.data?.map(({ b64_json }) => b64_json?.slice(0, 8))).toEqual(['iVBORw0K', 'iVBORw0K']);
    expect(answer).toMatchObject({ x_llmhub: { provider: 'openai', model: 'gpt-image-1' } });
    expect(record).toMatchObject({
      endpoint: '/v1/images/generations',
      provider: 'openai',
      modelUsed: 'gpt-image-1',
      outcome: 'completed',
      inputTokens: sold?.input,
      outputTokens: sold?.output,
      // 5 USD a million of text in, 40 of pictures out
      costNanoUsd: (sold?.input ?? 0) * 5000 + (sold?.output ?? 0) * 40_000,
    });
    expect(Number(response.headers.get('x-llmhub-cost-usd'))).toBe((record.costNanoUsd ?? 0) / 1e9);
  });

  it('are changed, with the form as it came but for the name of the model', async () => {
    const answer = await client.images.edit({
      image: [await picture('one.png'), await picture('two.png')],
      mask: await picture('mask.png'),
      model: 'openai/gpt-image-1',
      prompt: 'Make it blue – bitte.',
    });

    const { files, ...fields } = lastBody() as { files: { field: string; name: string; bytes: number }[] };

    expect(fields).toEqual({ model: 'gpt-image-1', prompt: 'Make it blue – bitte.' });
    // The SDK sends files in any order, but those of one field in theirs.
    expect(files.filter(({ field }) => field === 'image[]').map(({ name }) => name)).toEqual([
      'one.png',
      'two.png',
    ]);
    expect(files).toContainEqual({ field: 'mask', name: 'mask.png', bytes: PICTURE.length });
    expect(answer.usage?.input_tokens_details.image_tokens).toBe(200);
  });

  it('vary, and are changed by JSON', async () => {
    await client.images.createVariation({ image: await picture(), model: 'dall-e-2' });
    expect(lastBody()).toMatchObject({ model: 'dall-e-2', files: [{ field: 'image', name: 'mine.png' }] });

    const images = [{ image_url: `data:image/png;base64,${PICTURE.toString('base64')}` }];
    await client.post('/images/edits', { body: { model: 'openai/gpt-image-1', prompt: 'Bluer.', images } });
    expect(lastBody()).toEqual({ model: 'gpt-image-1', prompt: 'Bluer.', images });
  });

  it.each(['generations', 'edits'])('come as a stream with pictures in between (%s)', async task => {
    const settings = { model: 'gpt-image-1', prompt: 'A cat.', stream: true, partial_images: 2 } as const;
    const { data: stream, response } =
      task === 'edits'
        ? await client.images.edit({ ...settings, image: await picture() }).withResponse()
        : await client.images.generate(settings).withResponse();
    const types: string[] = [];
    for await (const event of stream) {
      types.push(event.type);
    }
    const name = task === 'edits' ? 'image_edit' : 'image_generation';
    const sold = gateway.simulator.bill()['openai']?.['gpt-image-1'];

    expect(types).toEqual([`${name}.partial_image`, `${name}.partial_image`, `${name}.completed`]);
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      stream: true,
      outcome: 'completed',
      inputTokens: sold?.input,
      outputTokens: sold?.output,
    });
  });

  it('that break off in a stream are told', async () => {
    const stream = await client.images.generate({
      model: 'gpt-image-1',
      prompt: '[[sim:fault error-event=1]] A cat.',
      stream: true,
      partial_images: 2,
    });
    const reading = async (): Promise<void> => {
      for await (const event of stream) {
        expect(event.type).toBe('image_generation.partial_image');
      }
    };

    await expect(reading()).rejects.toThrow();
  });

  it('are refused in OpenAI’s words', async () => {
    const refused = client.images.generate({ model: 'gpt-image-1', prompt: 'x', response_format: 'url' });

    await expect(refused).rejects.toThrow(BadRequestError);
    await expect(refused).rejects.toMatchObject({ param: 'response_format', code: 'unknown_parameter' });
  });
});

describe('pictures of Google', () => {
  it('are made by generateContent, metered and priced', async () => {
    const { data: answer, response } = await client.images
      .generate({ model: GOOGLE, prompt: 'A red bicycle.', size: '1024x1024', user: 'me' })
      .withResponse();
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    const sold = gateway.simulator.bill()['google']?.['gemini-2.5-flash-image'];

    expect(lastBody()).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'A red bicycle.' }] }],
      generationConfig: { responseModalities: ['IMAGE'], imageConfig: { aspectRatio: '1:1' } },
    });
    expect(Buffer.from(answer.data?.[0]?.b64_json ?? '', 'base64').toString('latin1', 1, 4)).toBe('PNG');
    expect(answer).toMatchObject({
      output_format: 'png',
      usage: { input_tokens: sold?.input, output_tokens: sold?.output },
      x_llmhub: { provider: 'google', warnings: [] },
    });
    expect(response.headers.get('x-llmhub-warnings')).toBeNull();
    expect(record).toMatchObject({
      inputTokens: sold?.input,
      outputTokens: sold?.output,
      costNanoUsd: (sold?.input ?? 0) * 300 + (sold?.output ?? 0) * 30_000,
    });
  });

  it('are changed, from a form', async () => {
    await client.images.edit({ model: GOOGLE, prompt: 'Make it blue.', image: await picture() });

    expect(lastBody()).toMatchObject({
      contents: [
        {
          parts: [
            { inlineData: { mimeType: 'image/png', data: PICTURE.toString('base64') } },
            { text: 'Make it blue.' },
          ],
        },
      ],
    });
  });

  it('end a stream, when one is asked for', async () => {
    const stream = await client.images.generate({
      model: GOOGLE,
      prompt: 'A cat.',
      stream: true,
      partial_images: 1,
    });
    const types: string[] = [];
    for await (const event of stream) {
      types.push(event.type);
    }

    expect(types).toEqual(['image_generation.completed']);
  });

  it('tell what got lost, or refuse to lose it', async () => {
    const { response } = await client.images
      .generate({ model: GOOGLE, prompt: 'A cat.', size: '1792x1024', quality: 'high', style: 'vivid' })
      .withResponse();
    expect(response.headers.get('x-llmhub-warnings')).toBe(
      'dropped=quality; dropped=style; approximated=size',
    );

    const strict = client.images.generate(
      { model: GOOGLE, prompt: 'A cat.', quality: 'high' },
      { headers: { 'x-llmhub-strict': 'true' } },
    );
    await expect(strict).rejects.toMatchObject({ status: 400, code: 'unsupported_fields', param: 'quality' });
  });

  it.each([
    ['n', { n: 2 }],
    ['response_format', { response_format: 'url' }],
    ['background', { background: 'transparent' }],
    ['output_format', { output_format: 'webp' }],
  ] as const)('are not made otherwise than asked: %s', async (param, more) => {
    const refused = client.images.generate({ model: GOOGLE, prompt: 'A cat.', ...more });

    await expect(refused).rejects.toMatchObject({ status: 400, code: 'unsupported_fields', param });
    expect(gateway.simulator.requests()).toEqual([]);
  });

  it('are not made with a mask', async () => {
    const refused = client.images.edit({
      model: GOOGLE,
      prompt: 'A cat.',
      image: await picture(),
      mask: await picture(),
    });

    await expect(refused).rejects.toMatchObject({ status: 400, param: 'mask' });
  });

  it('that are refused are no pictures', async () => {
    const refused = client.images.generate({ model: GOOGLE, prompt: '[[sim:refuse]]' });

    await expect(refused).rejects.toMatchObject({ status: 400, code: 'moderation_blocked', param: 'prompt' });
  });
});

describe('a request for pictures', () => {
  it.each([
    ['no model', { prompt: 'x' }, 400, 'model'],
    ['a model of a vendor without pictures', { model: 'anthropic/claude-x', prompt: 'x' }, 400, 'model'],
    ['no prompt', { model: GOOGLE }, 400, 'prompt'],
    ['a size that is none', { model: GOOGLE, prompt: 'x', size: 'big' }, 400, 'size'],
    ['a size of nothing', { model: GOOGLE, prompt: 'x', size: '0x10' }, 400, 'size'],
    ['a stream that is none', { model: GOOGLE, prompt: 'x', stream: 'yes' }, 400, 'stream'],
  ])('with %s is told so', async (_, body, status, param) => {
    const refused = client.post('/images/generations', { body });

    await expect(refused).rejects.toMatchObject({ status, param });
  });

  it('with an edit of nothing is told so', async () => {
    const form = new FormData();
    form.append('model', GOOGLE);
    form.append('prompt', 'x');
    const response = await gateway.call('/v1/images/edits', { method: 'POST', body: form });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'image' } });
  });

  it('is held by the scopes of its key', async () => {
    const { body } = await gateway.admin<{ key: string }>(
      'POST',
      `/admin/projects/${gateway.projectId}/api-keys`,
      {
        name: 'chat only',
        allowedModels: ['gpt-5*'],
      },
    );
    const response = await gateway.call('/v1/images/generations', {
      method: 'POST',
      headers: { authorization: `Bearer ${body.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-image-1', prompt: 'x' }),
    });

    expect(response.status).toBe(403);
  });
});
