import { outlineOf } from './request-outline.js';

describe('the outline of a request', () => {
  it.each<[string, object, string[]]>([
    ['text', { messages: [{ role: 'user', content: 'hi' }] }, []],
    [
      'chat',
      { messages: [{ content: [{ type: 'image_url' }, { type: 'input_audio' }] }] },
      ['image_input', 'audio_input'],
    ],
    ['chat with a file', { messages: [{ content: [{ type: 'file' }] }] }, ['document_input']],
    [
      'Messages',
      { messages: [{ content: [{ type: 'image' }, { type: 'document' }] }] },
      ['image_input', 'document_input'],
    ],
    ['Responses', { input: [{ type: 'message', content: [{ type: 'input_image' }] }] }, ['image_input']],
    ['Responses with a part for a turn', { input: [{ type: 'input_file' }] }, ['document_input']],
    [
      'Gemini',
      {
        contents: [
          {
            parts: [{ inlineData: { mimeType: 'audio/wav' } }, { fileData: { mimeType: 'application/pdf' } }],
          },
        ],
      },
      ['audio_input', 'document_input'],
    ],
    ['tools', { tools: [{ type: 'function' }] }, ['tools']],
    ['old functions', { functions: [{ name: 'f' }] }, ['tools']],
    ['no tools', { tools: [] }, []],
    ['a schema in chat', { response_format: { type: 'json_schema' } }, ['structured_output']],
    ['a schema in Responses', { text: { format: { type: 'json_schema' } } }, ['structured_output']],
    ['a schema in Messages', { output_config: { format: { type: 'json_schema' } } }, ['structured_output']],
    ['a schema in Gemini', { generationConfig: { responseSchema: {} } }, ['structured_output']],
    ['nonsense', { messages: [null, 7, { content: [null, 'x', { type: 'constructor' }] }], tools: 'x' }, []],
  ])('sees what %s needs', (_, body, needs) => {
    expect(outlineOf(body as Record<string, unknown>).needs).toEqual(needs);
  });

  it.each([
    [{ max_tokens: 5 }, 5],
    [{ max_completion_tokens: 6, max_tokens: 5 }, 6],
    [{ max_output_tokens: 7 }, 7],
    [{ generationConfig: { maxOutputTokens: 8 } }, 8],
    [{ max_tokens: '9' }, null],
    [{}, null],
  ])('sees the limit of the answer in %j', (body, limit) => {
    expect(outlineOf(body).maxOutputTokens).toBe(limit);
  });
});
