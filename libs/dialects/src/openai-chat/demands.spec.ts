import { asksTooMuch } from '../domain/demands.js';
import type { ModelTraits } from '../domain/dialect.js';
import { openAiChatDemands } from './demands.js';
import type { Wire } from '../domain/wire.js';

const isTooMuch = asksTooMuch(openAiChatDemands);
const part = (type: string): Wire => ({
  messages: [{ role: 'user', content: [{ type: 'text' }, { type }] }],
});
const plain: Wire = {
  messages: [{ role: 'user', content: 'Hi.' }],
  max_tokens: null,
  tools: [],
  modalities: null,
};

describe('a body that passes, or asks for too much', () => {
  it.each<[string, Wire, ModelTraits]>([
    ['tools', { ...plain, tools: [{ type: 'function' }] }, { tools: false }],
    ['functions', { ...plain, functions: [{ name: 'f' }] }, { tools: false }],
    ['a schema', { ...plain, response_format: { type: 'json_schema' } }, { structuredOutput: false }],
    ['a longer answer', { ...plain, max_tokens: 9 }, { maxOutputTokens: 8 }],
    ['a longer answer by its newer name', { ...plain, max_completion_tokens: 9 }, { maxOutputTokens: 8 }],
    ['audio in the answer', { ...plain, modalities: ['text', 'audio'] }, { output: ['text'] }],
    ['parallel calls', { ...plain, parallel_tool_calls: false }, { parallelTools: false }],
    ['an image', part('image_url'), { images: false }],
    ['audio', part('input_audio'), { audioInput: false }],
    ['a document', part('file'), { documents: false }],
  ])('is told by %s', (_, body, traits) => {
    const able = {
      tools: true,
      structuredOutput: true,
      maxOutputTokens: 9,
      output: ['text', 'audio'],
      images: true,
    };

    expect(isTooMuch(body, traits)).toBe(true);
    expect(isTooMuch(plain, traits)).toBe(false);
    expect(isTooMuch(body, able)).toBe(false);
    expect(isTooMuch(body, {})).toBe(false);
  });
});
