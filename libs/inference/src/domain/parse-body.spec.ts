import type { RoutingHeaders } from '@app/shared';
import { parseBody } from './parse-body.js';

const parse = (body: object, defaultModel: string | null = null, routing: RoutingHeaders | null = null) =>
  parseBody(Buffer.from(JSON.stringify(body)), { routing }, defaultModel);

describe('the model of a body', () => {
  it('is the one that it names', () => {
    expect(parse({ model: 'a', models: ['b'] }, 'c').model).toBe('a');
  });

  it.each([{}, { model: null }, { model: '' }])('is the first of its models where it has none: %j', body => {
    const parsed = parse({ ...body, models: ['openai/gpt-5', 'b'], x: 1 }, 'c');

    expect(parsed).toMatchObject({ model: 'openai/gpt-5', json: { model: 'openai/gpt-5', x: 1 } });
    expect(JSON.parse(parsed.bytes.toString())).toEqual(parsed.json);
  });

  it('is the first of the models in its headers, before those that it has itself', () => {
    const parsed = parse({ models: ['a', 'b'], x: 1 }, 'c', { models: 'fast, smart' });

    expect(parsed).toMatchObject({ model: 'fast', json: { model: 'fast', models: ['a', 'b'], x: 1 } });
    expect(JSON.parse(parsed.bytes.toString())).toEqual(parsed.json);
    expect(parse({ model: 'a' }, 'c', { models: 'fast' }).model).toBe('a');
    expect(parse({ models: ['a'] }, 'c', { tags: 'batch' }).model).toBe('a');
    expect(() => parse({ models: ['a'] }, 'c', { models: ',smart' })).toThrow(
      expect.objectContaining({ status: 400, param: 'x-llmhub-models' }),
    );
  });

  it.each([[[]], [null], ['b'], [[1]], [['']]])('is the default one where the models are %j', models => {
    expect(parse({ models }, 'c').model).toBe('c');
    expect(() => parse({ models })).toThrow(
      expect.objectContaining({ status: 400, code: 'missing_model', param: 'model' }),
    );
  });
});
