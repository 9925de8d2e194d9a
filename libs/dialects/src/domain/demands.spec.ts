import { anthropicMessagesDemands } from '../anthropic-messages/demands.js';
import { geminiDemands } from '../gemini/demands.js';
import { asksTooMuch, type Demands } from './demands.js';
import type { ModelTraits } from './dialect.js';
import type { Wire } from './wire.js';

const block = (content: Wire): Wire => ({
  messages: [{ role: 'user', content: [{ type: 'text' }, content] }],
});
const part = (content: Wire): Wire => ({ contents: [{ parts: [{ text: 'Hi.' }, content] }] });
const image = { type: 'image', source: {} };

describe('a body that asks for more than its model has', () => {
  it.each<[string, Demands, Wire, ModelTraits]>([
    ['tools', anthropicMessagesDemands, { tools: [{ name: 'f' }] }, { tools: false }],
    [
      'a schema',
      anthropicMessagesDemands,
      { output_config: { format: { type: 'json_schema' } } },
      { structuredOutput: false },
    ],
    ['a long answer', anthropicMessagesDemands, { max_tokens: 9 }, { maxOutputTokens: 8 }],
    [
      'parallel calls',
      anthropicMessagesDemands,
      { tool_choice: { disable_parallel_tool_use: true } },
      { parallelTools: false },
    ],
    ['an image', anthropicMessagesDemands, block(image), { images: false }],
    [
      'an image of a tool',
      anthropicMessagesDemands,
      block({ type: 'tool_result', content: [image] }),
      { images: false },
    ],
    ['a document', anthropicMessagesDemands, block({ type: 'document' }), { documents: false }],
    ['tools', geminiDemands, { tools: [{ functionDeclarations: [{ name: 'f' }] }] }, { tools: false }],
    ['one tool', geminiDemands, { tools: { function_declarations: [{ name: 'f' }] } }, { tools: false }],
    [
      'a schema',
      geminiDemands,
      { generationConfig: { responseJsonSchema: {} } },
      { structuredOutput: false },
    ],
    ['a long answer', geminiDemands, { generation_config: { max_output_tokens: 9 } }, { maxOutputTokens: 8 }],
    ['speech', geminiDemands, { generationConfig: { responseModalities: ['AUDIO'] } }, { output: ['text'] }],
    ['an image', geminiDemands, part({ inlineData: { mimeType: 'image/png' } }), { images: false }],
    ['audio', geminiDemands, part({ inline_data: { mime_type: 'audio/wav' } }), { audioInput: false }],
    ['a document', geminiDemands, part({ fileData: { mimeType: 'application/pdf' } }), { documents: false }],
  ])('is told by %s', (_, demands, body, traits) => {
    const isTooMuch = asksTooMuch(demands);
    const able = { tools: true, structuredOutput: true, maxOutputTokens: 9, images: true };

    expect(isTooMuch(body, traits)).toBe(true);
    expect(isTooMuch(body, able)).toBe(false);
    expect(isTooMuch(body, {})).toBe(false);
  });

  it.each<[string, Demands, Wire]>([
    [
      'anthropic',
      anthropicMessagesDemands,
      { messages: [{ content: 'Hi.' }, null], tools: [], output_config: null },
    ],
    ['gemini', geminiDemands, { contents: 'Hi.', tools: [{ googleSearch: {} }], generationConfig: null }],
  ])('is not a plain one, nor a strange one: %s', (_, demands, body) => {
    const nothing: ModelTraits = {
      tools: false,
      structuredOutput: false,
      parallelTools: false,
      images: false,
      documents: false,
      audioInput: false,
      output: ['text'],
      maxOutputTokens: 1,
    };

    expect(asksTooMuch(demands)(body, nothing)).toBe(false);
  });
});
