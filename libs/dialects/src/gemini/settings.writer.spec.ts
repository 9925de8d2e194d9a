import type { Settings } from '../domain/conversation.js';
import { parseExact } from '../domain/exact-json.js';
import { type Case, written } from './fixtures/written.js';

function config(settings: Settings, more: Case = {}): { config: unknown; losses: string[] } {
  const { body, losses } = written({ settings, ...more });
  return { config: body['generationConfig'], losses };
}

describe('settings', () => {
  it('have their counterparts', () => {
    const settings: Settings = {
      maxOutputTokens: 10,
      temperature: 0,
      topP: 0.5,
      topK: 3,
      stop: ['a', ''],
      seed: -7,
      frequencyPenalty: 0.1,
      presencePenalty: -0.1,
      logprobs: true,
      topLogprobs: 2,
      choices: 2,
      format: { kind: 'json' },
      modalities: ['text', 'image'],
    };
    expect(config(settings)).toEqual({
      config: {
        maxOutputTokens: 10,
        temperature: 0,
        topP: 0.5,
        topK: 3,
        stopSequences: ['a'],
        seed: -7,
        frequencyPenalty: 0.1,
        presencePenalty: -0.1,
        responseLogprobs: true,
        logprobs: 2,
        candidateCount: 2,
        responseMimeType: 'application/json',
        responseModalities: ['TEXT', 'IMAGE'],
      },
      losses: [],
    });
  });

  it('say nothing that was not asked', () => {
    const silent: Settings = { choices: 1, logprobs: false, modalities: ['text'], format: { kind: 'text' } };
    expect(config(silent)).toEqual({ config: undefined, losses: [] });
  });

  it('keep the first five stop sequences', () => {
    expect(config({ stop: ['1', '2', '3', '4', '5', '6'] })).toEqual({
      config: { stopSequences: ['1', '2', '3', '4', '5'] },
      losses: ['approximated stop'],
    });
  });

  it.each([2 ** 31, 0.5, parseExact('12345678901234567890')])('lose a seed that is no int32: %p', seed => {
    expect(config({ seed })).toEqual({ config: undefined, losses: ['dropped seed'] });
  });

  it('carry a schema for the answer', () => {
    const schema = { type: 'object', additionalProperties: false };
    expect(config({ format: { kind: 'json-schema', name: 'x', schema, strict: true } })).toEqual({
      config: { responseMimeType: 'application/json', responseJsonSchema: schema },
      losses: [],
    });
    const format = { kind: 'json-schema', name: 'x', schema } as const;
    expect(config({ format }, { traits: { structuredOutput: false } }).losses).toEqual([
      'refused response_format',
    ]);
  });

  it('that Gemini does not have are reported by their weight', () => {
    const settings: Settings = {
      logitBias: { 1: 1 },
      verbosity: 'low',
      store: true,
      modalities: ['text', 'audio'],
      user: 'u',
      metadata: { a: 1 },
      promptCacheKey: 'k',
    };
    expect(config(settings).losses).toEqual([
      'refused store',
      'dropped logit_bias',
      'dropped verbosity',
      'refused modalities',
    ]);
  });

  it('of the caller’s dialect alone are reported too', () => {
    const fields = { prediction: {}, audio: {}, web_search_options: {}, moderation: null, user: 'u', x_a: 1 };
    const { losses } = written({ native: { dialect: 'openai-chat', fields } });
    expect(losses).toEqual(['dropped prediction', 'refused audio', 'refused web_search_options']);
  });

  it('of this dialect go on verbatim', () => {
    const fields = { safetySettings: [], generationConfig: { speechConfig: {} } };
    const { body } = written({ native: { dialect: 'gemini', fields }, settings: { topK: 1 } });
    expect(body).toMatchObject({ safetySettings: [], generationConfig: { speechConfig: {}, topK: 1 } });
  });

  it.each([
    ['auto', undefined, []],
    ['default', 'standard', []],
    ['flex', 'flex', []],
    ['priority', 'priority', []],
    ['fast', 'priority', ['approximated service_tier']],
    ['scale', undefined, ['dropped service_tier']],
  ])('put tier %s to %s', (serviceTier, expected, losses) => {
    const result = written({ settings: { serviceTier } });
    expect([result.body['serviceTier'], result.losses]).toEqual([expected, losses]);
  });

  it('that a vendor refuses are left out', () => {
    const { body, losses } = written({ settings: { topK: 1, seed: 1 }, quirks: { unsupported: ['topK'] } });
    expect(body['generationConfig']).toEqual({ seed: 1 });
    expect(losses).toEqual(['dropped topK']);
  });
});
