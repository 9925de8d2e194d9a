import { anthropicMessagesVendor } from '../anthropic-messages/vendor.js';
import { geminiVendor } from '../gemini/vendor.js';
import { openAiChatVendor } from '../openai-chat/openai-chat.dialect.js';

const { models: openai } = openAiChatVendor;
const { models: anthropic } = anthropicMessagesVendor;
const { models: gemini } = geminiVendor;

describe('lists of models', () => {
  it('are read in OpenAI’s shape, with what vendors add to it', () => {
    const data = [
      { id: 'gpt-5', object: 'model', created: 1_700_000_000, owned_by: 'openai' },
      { id: 'some/model', created: 1_700_000_000.7, context_length: 131_072, pricing: {} },
      { id: 'llama', context_window: 8192 },
      { id: 'qwen', max_model_len: 4096, created: 0 },
      { object: 'model' },
      null,
    ];

    const page = openai.readPage({ object: 'list', data });

    expect(page).toEqual({
      models: [
        { id: 'gpt-5', created: 1_700_000_000, ownedBy: 'openai' },
        { id: 'some/model', created: 1_700_000_000, contextTokens: 131_072 },
        { id: 'llama', contextTokens: 8192 },
        { id: 'qwen', contextTokens: 4096 },
      ],
      next: null,
    });
    expect(openai.path(null)).toBe('/models');
    expect(openai.readPage(data)).toEqual(page);
  });

  it('are read in Anthropic’s shape, page by page, without retired models', () => {
    const page = anthropic.readPage({
      data: [
        { type: 'model', id: 'claude-a', created_at: '2026-02-05T00:00:00Z', max_input_tokens: 200_000 },
        { type: 'model', id: 'claude-b', created_at: '1970-01-01T00:00:00Z', lifecycle: 'deprecated' },
        { type: 'model', id: 'claude-c', lifecycle: 'retired' },
      ],
      has_more: true,
      first_id: 'claude-a',
      last_id: 'claude-c',
    });

    expect(page).toEqual({
      models: [
        {
          id: 'claude-a',
          created: Date.UTC(2026, 1, 5) / 1000,
          ownedBy: 'anthropic',
          contextTokens: 200_000,
        },
        { id: 'claude-b', ownedBy: 'anthropic' },
      ],
      next: 'claude-c',
    });
    expect(anthropic.path('claude-c')).toBe('/v1/models?limit=1000&after_id=claude-c');
    expect(anthropic.readPage({ data: [], has_more: false, last_id: null })).toEqual({
      models: [],
      next: null,
    });
  });

  it('are read in Google’s shape, page by page', () => {
    const models = [{ name: 'models/gemini-a', inputTokenLimit: 1_048_576 }, { displayName: 'nameless' }];

    expect(gemini.readPage({ models, nextPageToken: 'a+b' })).toEqual({
      models: [{ id: 'gemini-a', ownedBy: 'google', contextTokens: 1_048_576 }],
      next: 'a+b',
    });
    expect(gemini.path('a+b')).toBe('/v1beta/models?pageSize=1000&pageToken=a%2Bb');
    expect(gemini.path(null)).toBe('/v1beta/models?pageSize=1000');
  });

  it.each([['openai', openai] as const, ['anthropic', anthropic] as const, ['gemini', gemini] as const])(
    'are not made up of what is none, for %s',
    (_, { readPage }) => {
      for (const body of [null, 'html', 7, {}, { data: 'x', models: 'x' }, { error: { message: 'no' } }]) {
        expect(readPage(body)).toBeNull();
      }
    },
  );
});
