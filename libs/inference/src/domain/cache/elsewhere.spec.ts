import { refersElsewhere } from './elsewhere.js';

const URL = 'https://example.com/a.png';

const said = (...content: object[]): object => ({ messages: [{ role: 'user', content }] });
const parts = (...list: object[]): object => ({ contents: [{ role: 'user', parts: list }] });

describe('a request that refers elsewhere', () => {
  it.each<[string, object]>([
    ['a picture, chat', said({ type: 'image_url', image_url: { url: URL } })],
    ['a picture, its address alone', said({ type: 'image_url', image_url: URL })],
    ['a picture, Messages', said({ type: 'image', source: { type: 'url', url: URL } })],
    ['a picture, Gemini', parts({ fileData: { fileUri: 'gs://bucket/today.png' } })],
    ['a picture, Gemini in snake_case', parts({ file_data: { file_uri: 'HTTPS://example.com/a.png' } })],
    ['a picture of a function', parts({ functionResponse: { parts: [{ fileData: { fileUri: URL } }] } })],
    ['a file by its name', parts({ fileData: { fileUri: 'files/abc' } })],
    ['a file, chat', said({ type: 'file', file: { file_id: 'file-1' } })],
    ['a file, Messages', said({ type: 'document', source: { type: 'file', file_id: 'file_1' } })],
    ['a file, Responses', { input: [{ content: [{ type: 'input_file', file_id: 'file-1' }] }] }],
    ['a file at an address', said({ type: 'file', file: { filename: 'a.pdf', file_data: URL } })],
    ['audio at an address', said({ type: 'input_audio', input_audio: { data: URL } })],
    ['frames of a video', said({ type: 'video', video: [URL] })],
    ['what stands in a container', said({ type: 'container_upload', file_id: 'file_1' })],
    [
      'a picture in a document',
      said({
        type: 'document',
        source: { type: 'content', content: [{ type: 'image', source: { type: 'url', url: URL } }] },
      }),
    ],
    [
      'a screenshot',
      { input: [{ type: 'computer_call_output', output: { type: 'computer_screenshot', image_url: URL } }] },
    ],
    ['an item', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
    ['audio of an earlier turn', { messages: [{ role: 'assistant', audio: { id: 'audio_1' } }] }],
    ['a prompt kept there', { cachedContent: 'cachedContents/1' }],
    ['a prompt kept there, in chat', { extra_body: { google: { cached_content: 'cachedContents/1' } } }],
    ['a search of Groq', { search_settings: { include_domains: [] } }],
    ['a search of Qwen', { enable_search: true }],
    ['a search of xAI', { search_parameters: { mode: 'auto' } }],
    ['a search of OpenAI', { web_search_options: {} }],
  ])('is told: %s', (_what, body) => {
    expect(refersElsewhere({ model: 'm', ...body })).toBe(true);
  });

  const data = 'data:image/png;base64,AAAA';

  it.each<[string, object]>([
    ['texts with addresses', { messages: [{ role: 'user', content: URL }], system: URL }],
    ['a picture that is in it', said({ type: 'image_url', image_url: { url: data } })],
    ['another one', said({ type: 'image_url', image_url: 'DATA:image/png;base64,AAAA' })],
    ['one of Messages', said({ type: 'image', source: { type: 'base64', data: 'AAAA' } })],
    ['one of Gemini', parts({ inlineData: { mimeType: 'image/png', data: 'AAAA' } })],
    ['audio', said({ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } })],
    ['what a voice is like', { audio: { voice: 'alloy', format: 'wav' } }],
    ['the caller’s own notes', { metadata: { id: 'x', url: URL, file_id: 'y' } }],
    [
      'what a tool takes',
      { tools: [{ function: { parameters: { properties: { url: { default: URL }, search: {} } } } }] },
    ],
    [
      'what a tool was told',
      said({ type: 'tool_use', id: 't', name: 'f', input: { url: URL, search: 'x' } }),
    ],
    ['what a function was told', parts({ functionCall: { name: 'f', args: { url: URL } } })],
    ['what a function said', parts({ functionResponse: { name: 'f', response: { url: URL } } })],
    ['the shape of an answer', { response_format: { json_schema: { schema: { example: { url: URL } } } } }],
    ['no search', { disable_search: true, enable_search: false, search_parameters: null }],
  ])('is not one that has all with it: %s', (_what, body) => {
    expect(refersElsewhere({ model: 'm', ...body })).toBe(false);
  });
});
