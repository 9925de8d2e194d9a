import { InvalidRequestError } from '@app/shared';
import type { ImageAnswer } from '../domain/images.js';
import { writeImageEvents, writeImages } from './answer.writer.js';
import { readImageRequest } from './request.reader.js';
import { readImageUsage } from './usage.js';

const PNG = { mime: 'image/png', base64: 'aGk=' };

describe('OpenAI’s request for pictures', () => {
  it('is read with what it says, and without what says nothing', () => {
    const fields = {
      model: 'm',
      prompt: 'A cat.',
      size: '640x480',
      quality: null,
      user: '',
      n: 2,
      stream: true,
    };

    expect(readImageRequest('generations', fields, [])).toEqual({
      task: 'generations',
      prompt: 'A cat.',
      images: [],
      size: { width: 640, height: 480 },
      others: { n: 2 },
    });
  });

  it('has pictures of a form, and of JSON', () => {
    const data = 'data:image/webp;base64,aGk=';
    const fields = { prompt: 'x', images: [{ image_url: data }, { image_url: { url: data } }], size: 'auto' };
    const { images, size } = readImageRequest('edits', fields, [PNG]);

    expect(images.map(({ mime }) => mime)).toEqual(['image/png', 'image/webp', 'image/webp']);
    expect(size).toBeNull();
  });

  it.each([
    ['prompt', 'generations', {}],
    ['prompt', 'edits', { prompt: 7 }],
    ['image', 'edits', { prompt: 'x' }],
    ['image', 'variations', {}],
    ['images', 'edits', { prompt: 'x', images: [{ file_id: 'file-1' }] }],
    ['images', 'edits', { prompt: 'x', images: [{ image_url: 'https://example.com/a.png' }] }],
    ['size', 'generations', { prompt: 'x', size: '0x0' }],
    ['size', 'generations', { prompt: 'x', size: 1024 }],
  ] as const)('is refused for its %s (%s)', (param, task, fields) => {
    const read = (): unknown => readImageRequest(task, fields, []);

    expect(read).toThrow(InvalidRequestError);
    expect(read).toThrow(expect.objectContaining({ param }));
  });
});

describe('the usage of pictures', () => {
  it('takes the output for pictures, unless it says otherwise', () => {
    const usage = {
      input_tokens: 9,
      input_tokens_details: { image_tokens: 4, text_tokens: 5 },
      output_tokens: 7,
    };

    expect(readImageUsage({ usage })).toEqual({
      inputTokens: 9,
      imageInputTokens: 4,
      outputTokens: 7,
      imageOutputTokens: 7,
    });
    expect(
      readImageUsage({ usage: { ...usage, output_tokens_details: { image_tokens: 6, text_tokens: 1 } } }),
    ).toMatchObject({ outputTokens: 7, imageOutputTokens: 6 });
    expect(readImageUsage({ data: [] })).toBeNull();
  });

  it('tells the model apart that draws an SVG', () => {
    const svg_usage = { model: 'gpt-5', input_tokens: 3, output_tokens: 4 };

    expect(readImageUsage({ usage: { input_tokens: 1, output_tokens: 2 }, svg_usage })?.extra).toEqual([
      { model: 'gpt-5', inputTokens: 3, outputTokens: 4 },
    ]);
  });
});

describe('an answer with pictures in OpenAI’s shape', () => {
  const answer: ImageAnswer = {
    id: 'r1',
    model: 'm',
    images: [PNG, PNG],
    usage: { inputTokens: 9, imageInputTokens: 4, outputTokens: 7, imageOutputTokens: 6 },
    finish: 'stop',
    native: null,
  };
  const usage = {
    input_tokens: 9,
    output_tokens: 7,
    total_tokens: 16,
    input_tokens_details: { text_tokens: 5, image_tokens: 4 },
    output_tokens_details: { text_tokens: 1, image_tokens: 6 },
  };

  it('is written whole', () => {
    expect(writeImages(answer, 12, null)).toEqual({
      created: 12,
      output_format: 'png',
      data: [{ b64_json: 'aGk=' }, { b64_json: 'aGk=' }],
      usage,
    });
  });

  it('is written as the events that end a stream, with usage and cost once', () => {
    const events = writeImageEvents(answer, 'edits', 12, { cost: 0.5 }).trimEnd().split('\n\n');
    const data = events.map(event => JSON.parse(event.slice(event.indexOf('{'))) as Record<string, unknown>);

    expect(events.every(event => event.startsWith('event: image_edit.completed\ndata: {'))).toBe(true);
    expect(data.map(event => event['usage'])).toEqual([undefined, { ...usage, cost: 0.5 }]);
    expect(data.map(event => event['x_llmhub'])).toEqual([undefined, { cost: 0.5 }]);
    expect(data[0]).toMatchObject({ type: 'image_edit.completed', created_at: 12, b64_json: 'aGk=' });
  });
});
