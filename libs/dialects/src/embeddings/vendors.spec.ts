import { UpstreamError } from '@app/shared';
import { Losses } from '../domain/losses.js';
import { bedrockEmbeddings } from './bedrock.vendor.js';
import { cohereEmbeddings } from './cohere.vendor.js';
import type { EmbeddingRequest, EmbeddingVendor } from './embedding.js';
import { packVector } from './float32.js';
import { geminiEmbeddings } from './gemini.vendor.js';
import { OpenAiEmbeddings } from './openai.vendor.js';
import { readEmbeddingRequest } from './request.reader.js';
import { vertexEmbeddings } from './vertex.vendor.js';

const TARGET = { vendor: 'v', model: 'm' };
const renaming = new OpenAiEmbeddings({
  dimensionsField: 'output_dimension',
  unsupported: ['encoding_format', 'user'],
  purpose: { field: 'task', words: { query: 'q' } },
});
const request = (body: object): EmbeddingRequest => readEmbeddingRequest({ input: 'x', ...body });

function write(vendor: EmbeddingVendor, body: object): { wire: unknown; losses: string[] } {
  const losses = new Losses();
  const wire = vendor.writeRequest(request(body), TARGET, losses);
  return { wire, losses: losses.list.map(({ action, field }) => `${action} ${field}`) };
}

describe('a body for OpenAI’s shape', () => {
  const plain = new OpenAiEmbeddings({ tokens: true });
  const textsOnly = new OpenAiEmbeddings();

  it.each([
    [plain, { input: [[1, 2]] }, true],
    [plain, { dimensions: 5, encoding_format: 'base64', user: 'u', input_type: 'query', x: 1 }, true],
    [textsOnly, { input: ['a', 'b'] }, true],
    [textsOnly, { input: [1, 2] }, false],
    [renaming, {}, false],
    [new OpenAiEmbeddings({ dimensionsField: 'size' }), { dimensions: 5 }, false],
    [new OpenAiEmbeddings({ dimensionsField: 'size' }), { user: 'u' }, true],
    [new OpenAiEmbeddings({ unsupported: ['user'] }), { user: 'u' }, false],
    [new OpenAiEmbeddings({ unsupported: ['input_type'] }), { input_type: 'query' }, false],
    [new OpenAiEmbeddings({ purpose: { field: 'task', words: {} } }), { input_type: 'query' }, false],
  ])('passes as it is where the vendor takes it so (%#)', (vendor, body, fits) => {
    expect(vendor.fitsAsIs(request(body))).toBe(fits);
  });

  it('is written in the vendor’s own words where it has some', () => {
    const body = {
      dimensions: 5,
      encoding_format: 'base64',
      user: 'u',
      input_type: 'search_query',
      x: { y: 1 },
    };

    expect(write(renaming, body)).toEqual({
      wire: { model: 'm', input: ['x'], output_dimension: 5, task: 'q', x: { y: 1 } },
      losses: [],
    });
  });

  it.each([
    [renaming, { input_type: 'clustering' }, ['dropped input_type']],
    [renaming, { input_type: 'a word of its own' }, []],
    [renaming, { input: [[7]] }, ['refused input']],
    [new OpenAiEmbeddings({ unsupported: ['dimensions'] }), { dimensions: 5 }, ['refused dimensions']],
    [new OpenAiEmbeddings({ unsupported: ['input_type'] }), { input_type: 'query' }, ['dropped input_type']],
    [
      new OpenAiEmbeddings({ unsupported: ['input_type'] }),
      { input_type: 'its own' },
      ['dropped input_type'],
    ],
    [new OpenAiEmbeddings({ unsupported: ['input_type'] }), {}, []],
  ])('tells what it cannot say (%#)', (vendor, body, losses) => {
    expect(write(vendor, body).losses).toEqual(losses);
  });
});

describe('a body for Google', () => {
  it('holds one request for each text, all in one batch', () => {
    const body = {
      input: ['a', 'b'],
      dimensions: 5,
      input_type: 'document',
      title: 'T',
      user: 'u',
      store: true,
    };

    expect(write(geminiEmbeddings, body)).toEqual({
      wire: {
        requests: ['a', 'b'].map(text => ({
          model: 'models/m',
          content: { parts: [{ text }] },
          outputDimensionality: 5,
          taskType: 'RETRIEVAL_DOCUMENT',
          title: 'T',
        })),
      },
      losses: ['dropped store'],
    });
  });

  it('keeps a task type of Google’s own, and the model’s name within its path', () => {
    expect(write(geminiEmbeddings, { taskType: 'FACT_VERIFICATION' }).wire).toMatchObject({
      requests: [{ taskType: 'FACT_VERIFICATION' }],
    });
    expect(geminiEmbeddings.path('models/e')).toBe('/v1beta/models/e:batchEmbedContents');
    expect(geminiEmbeddings.path('../x?y')).toBe('/v1beta/models/..%2Fx%3Fy:batchEmbedContents');
  });
});

describe('a body for Cohere', () => {
  it('always says what the vectors are for', () => {
    expect(
      write(cohereEmbeddings, { dimensions: 256, truncate: 'NONE', user: 'u', late_chunking: true }),
    ).toEqual({
      wire: {
        model: 'm',
        texts: ['x'],
        input_type: 'search_document',
        embedding_types: ['float'],
        output_dimension: 256,
        truncate: 'NONE',
      },
      losses: ['dropped late_chunking'],
    });
    expect(write(cohereEmbeddings, { input_type: 'image' }).wire).toMatchObject({ input_type: 'image' });
  });
});

const entry = (index: number, embedding: unknown) => ({ object: 'embedding', index, embedding });

describe('an answer', () => {
  const two = request({ input: ['a', 'b'] });
  const openai = new OpenAiEmbeddings();
  const read = (body: object, asked = two) => openai.readAnswer(body, asked, TARGET);

  it('is put in the order of the inputs', () => {
    expect(read({ data: [entry(1, [2]), entry(0, [1])] }).vectors).toEqual([[1], [2]]);
  });

  it.each([
    ['float', [1], true, { prompt_tokens: 1 }],
    ['base64', packVector([1]), true, { prompt_tokens: 1 }],
    ['base64', [1], false, { prompt_tokens: 1 }],
    ['float', packVector([1]), false, { prompt_tokens: 1 }],
    ['float', [1], false, { total_tokens: 1 }],
    ['float', [1], false, undefined],
  ])('passes when it is what was asked for (%s, %j: %s)', (encoding_format, vector, fits, usage) => {
    const answer = read({ data: [entry(0, vector)], usage }, request({ encoding_format }));

    expect(answer.fitsCaller).toBe(fits);
    expect(answer.usage?.inputTokens).toBe(usage && 1);
  });

  it.each([
    ['an error with status 200', { error: { message: 'no' } }],
    ['nothing', {}],
    ['a list', []],
    ['null', null],
    ['one vector too few', { data: [entry(0, [1])] }],
    ['one too many', { data: [entry(0, [1]), entry(1, [1]), entry(2, [1])] }],
    ['an empty vector', { data: [entry(0, [1]), entry(1, [])] }],
    ['words for numbers', { data: [entry(0, [1]), entry(1, ['a'])] }],
    ['half a number', { data: [entry(0, [1]), entry(1, 'AAA=')] }],
  ])('is none when it holds %s', (_, body) => {
    for (const vendor of [openai, geminiEmbeddings, cohereEmbeddings]) {
      expect(() => vendor.readAnswer(body, two, TARGET)).toThrow(
        expect.objectContaining({ name: 'UpstreamError', status: 502 }),
      );
    }
  });
});

const prediction = (values: unknown, token_count?: number) => ({
  embeddings: { values, ...(token_count !== undefined && { statistics: { token_count } }) },
});

describe('the vectors of clouds', () => {
  const vertex = vertexEmbeddings(model => `/${model}`);
  const texts = request({ input: ['a', 'b'] });

  it('are read with what they cost, where that is told', () => {
    const target = { vendor: 'vertex', model: 'text-embedding-005' };
    const told = { predictions: [prediction([1], 3), prediction([2], 4)] };
    const untold = { predictions: [prediction([1], 3), prediction([2])] };

    expect(vertex.readAnswer(told, texts, target)).toMatchObject({
      vectors: [[1], [2]],
      usage: { inputTokens: 7 },
    });
    expect(vertex.readAnswer(untold, texts, target).usage).toBeNull();
    expect(() => vertex.readAnswer({ predictions: [prediction([1], 3)] }, texts, target)).toThrow(
      'not one vector for each of 2 inputs',
    );
  });

  it.each([
    ['amazon.titan-embed-text-v2:0', { embedding: [1, 2], inputTextTokenCount: 5 }, { inputTokens: 5 }],
    ['cohere.embed-v4:0', { id: 'e', embeddings: { float: [[1, 2]] } }, null],
  ])('are read in the shape of their maker at Bedrock: %s', (model, body, usage) => {
    const answer = bedrockEmbeddings.readAnswer(body, request({}), { vendor: 'bedrock', model });

    expect(answer.vectors).toEqual([[1, 2]]);
    expect(answer.usage).toEqual(usage && { ...usage, outputTokens: 0 });
  });

  it.each(['amazon.titan-embed-text-v2:0', 'cohere.embed-v4:0'])('of %s are none in an error', model => {
    const read = () =>
      bedrockEmbeddings.readAnswer({ message: 'No.' }, request({}), { vendor: 'bedrock', model });

    expect(read).toThrow(UpstreamError);
  });
});
