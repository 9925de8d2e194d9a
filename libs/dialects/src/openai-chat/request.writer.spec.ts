import type { GenerationRequest, HostedTool } from '../domain/conversation.js';
import type { ModelTraits, Quirks, Target } from '../domain/dialect.js';
import { Losses } from '../domain/losses.js';
import type { MediaPart, Part, Signature } from '../domain/part.js';
import { writeRequest } from './request.writer.js';

type Change = Partial<GenerationRequest>;

function targetOf(traits: ModelTraits = {}, quirks: Quirks = {}): Target {
  return { vendor: 'vendor', model: 'model', traits, quirks };
}

/** A request of another dialect, as it is written for a chat vendor. */
function write(change: Change, target = targetOf()) {
  const losses = new Losses();
  const request: GenerationRequest = {
    model: 'vendor/model',
    turns: [{ role: 'user', parts: [{ kind: 'text', text: 'Hi.' }] }],
    tools: { list: [] },
    settings: {},
    stream: false,
    streamUsage: false,
    native: { dialect: 'anthropic-messages', fields: {} },
    ...change,
  };
  const body = writeRequest(request, target, losses);
  return {
    body,
    messages: body['messages'] as object[],
    losses: losses.list.map(loss => `${loss.action} ${loss.field}`),
  };
}

function user(...parts: Part[]): Change {
  return { turns: [{ role: 'user', parts }] };
}

const f = { kind: 'function', name: 'f' } as const;
const search: HostedTool = {
  kind: 'hosted',
  dialect: 'anthropic-messages',
  type: 'web_search',
  value: { type: 'web_search_20250305' },
};
const image: MediaPart = {
  kind: 'media',
  media: 'image',
  mime: 'image/png',
  source: { kind: 'base64', data: 'AA==' },
};

const result = (callId: string, ...parts: (MediaPart | { kind: 'text'; text: string })[]): Part => ({
  kind: 'tool-result',
  callId,
  parts,
});

const turn = (signature: Signature): Change => ({
  turns: [
    {
      role: 'assistant',
      parts: [
        { kind: 'reasoning', text: 'Thought.', signature },
        { kind: 'tool-call', id: 'c', name: 'f', arguments: '{}', signature },
      ],
    },
  ],
});

describe('the chat request writer', () => {
  it('asks every stream for usage', () => {
    expect(write({ stream: true }).body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(write({ stream: false }).body).not.toHaveProperty('stream_options');
  });

  it('names the output limit as the vendor and the model know it', () => {
    const settings = { maxOutputTokens: 9 };
    const older = {
      dialect: 'openai-chat',
      fields: {},
      spelling: { maxOutputTokens: 'max_tokens' },
    } as const;

    expect(write({ settings }).body).toMatchObject({ max_completion_tokens: 9 });
    expect(write({ settings, native: older }).body).toMatchObject({ max_tokens: 9 });
    expect(write({ settings, native: older }, targetOf({ reasoning: 'effort' })).body).toMatchObject({
      max_completion_tokens: 9,
    });
    expect(write({ settings }, targetOf({}, { maxTokensField: 'max_tokens' })).body).toMatchObject({
      max_tokens: 9,
    });
  });

  it('drops sampling for a model that refuses it, and says so unless nothing changes', () => {
    const target = targetOf({ sampling: false });
    const hot = write({ settings: { temperature: 0.7, topP: 1 } }, target);

    expect(hot.body).not.toHaveProperty('temperature');
    expect(hot.body).not.toHaveProperty('top_p');
    expect(hot.losses).toEqual(['dropped temperature']);
  });

  it('drops what the vendor does not know, and refuses what would change the answer', () => {
    const { body, losses } = write(
      { settings: { seed: 1, user: 'u', choices: 2, format: { kind: 'json' } } },
      targetOf({}, { unsupported: ['seed', 'user', 'n', 'response_format', 'stop'] }),
    );

    expect(Object.keys(body).toSorted()).toEqual(['messages', 'model']);
    expect(losses).toEqual(['dropped seed', 'refused n', 'refused response_format']);
  });

  it.each([
    ['an image', { images: false }, image],
    ['audio', { audioInput: false }, { ...image, media: 'audio', mime: 'audio/wav' }],
    ['a document', { documents: false }, { ...image, media: 'document', mime: 'application/pdf' }],
    ['audio of a format chat has not', {}, { ...image, media: 'audio', mime: 'audio/ogg' }],
    ['video', {}, { ...image, media: 'video', mime: 'video/mp4' }],
    ["another vendor's file", {}, { ...image, media: 'document', source: { kind: 'file', id: 'file_1' } }],
    [
      'a document by URL',
      {},
      { ...image, media: 'document', source: { kind: 'url', url: 'https://a.example' } },
    ],
  ] as [string, ModelTraits, MediaPart][])('refuses %s', (_what, traits, part) => {
    expect(write(user(part), targetOf(traits)).losses).toEqual([`refused messages.content.${part.media}`]);
  });

  it('writes media of other dialects in its own form', () => {
    const pdf: MediaPart = { ...image, media: 'document', mime: 'application/pdf' };
    const { messages, losses } = write(user(image, { ...image, media: 'audio', mime: 'audio/mpeg' }, pdf));

    expect(messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
          { type: 'input_audio', input_audio: { data: 'AA==', format: 'mp3' } },
          { type: 'file', file: { file_data: 'data:application/pdf;base64,AA==', filename: 'document.pdf' } },
        ],
      },
    ]);
    expect(losses).toEqual([]);
  });

  it('moves media of tool results behind all results of the step', () => {
    const { messages, losses } = write({
      turns: [
        {
          role: 'tool',
          parts: [
            result('a', { kind: 'text', text: 'seen' }, image),
            result('b', { kind: 'text', text: 'fine' }),
          ],
        },
        { role: 'user', parts: [{ kind: 'text', text: 'Go on.' }] },
      ],
    });

    expect(messages).toMatchObject([
      { role: 'tool', tool_call_id: 'a', content: 'seen' },
      { role: 'tool', tool_call_id: 'b', content: 'fine' },
      { role: 'user', content: [{ type: 'text' }, { type: 'image_url' }] },
      { role: 'user', content: 'Go on.' },
    ]);
    expect(losses).toEqual(['moved messages.tool.content']);
  });

  it('marks failed tools in their text', () => {
    const part: Part = {
      kind: 'tool-result',
      callId: 'a',
      isError: true,
      parts: [{ kind: 'text', text: 'no disk' }],
    };
    const { messages, losses } = write({ turns: [{ role: 'tool', parts: [part] }] });

    expect(messages).toEqual([{ role: 'tool', tool_call_id: 'a', content: 'Error: no disk' }]);
    expect(losses).toEqual(['approximated messages.tool.is_error']);
  });

  it('gives signatures to their issuer alone', () => {
    const payload = '{"type":"reasoning.text","signature":"s","format":"anthropic-claude-v1","index":0}';

    const [own] = write(turn({ issuer: 'vendor', model: 'model', payload })).messages;
    const [foreign] = write(turn({ issuer: 'anthropic', model: 'claude', payload })).messages;

    expect(own).toMatchObject({
      reasoning_content: 'Thought.',
      reasoning_details: [
        { type: 'reasoning.text', text: 'Thought.', signature: 's', format: 'anthropic-claude-v1', index: 0 },
      ],
      tool_calls: [{ extra_content: { google: { thought_signature: payload } } }],
    });
    expect(foreign).toEqual({
      role: 'assistant',
      content: null,
      reasoning_content: 'Thought.',
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
    });
  });

  it('keeps hosted tools of others out, and refuses when nothing else is left', () => {
    expect(write({ tools: { list: [f, search] } })).toMatchObject({
      body: { tools: [{ type: 'function', function: { name: 'f' } }] },
      losses: ['dropped tools'],
    });
    expect(write({ tools: { list: [search] } }).losses).toEqual(['refused tools']);
    expect(
      write({ tools: { list: [f, search], choice: { kind: 'named', name: 'web_search' } } }).losses,
    ).toEqual(['refused tools']);
  });

  it('says nothing of tools when there are none', () => {
    const { body } = write({ tools: { list: [], choice: { kind: 'auto' }, parallel: false } });

    expect(Object.keys(body).toSorted()).toEqual(['messages', 'model']);
  });

  it('turns a budget of thinking into an effort', () => {
    const efforts = [0, 2000, 8000, 32_000].map(
      budget => write({ settings: { reasoning: { budget } } }).body['reasoning_effort'],
    );

    expect(efforts).toEqual(['none', 'low', 'medium', 'high']);
    expect(
      write({ settings: { reasoning: { effort: 'high' } } }, targetOf({ reasoning: 'none' })).losses,
    ).toEqual(['dropped reasoning_effort']);
  });

  it('reports fields of other dialects by what they would have changed', () => {
    const fields = {
      previous_response_id: 'r',
      inference_geo: 'eu',
      labels: { a: 'b' },
      x_new: 1,
      background: false,
    };

    expect(write({ native: { dialect: 'openai-responses', fields } }).losses).toEqual([
      'refused previous_response_id',
      'dropped inference_geo',
    ]);
  });

  it('makes call ids that the vendor takes, the same for call and result', () => {
    const id = `toolu_${'x'.repeat(60)}`;
    const turns: GenerationRequest['turns'] = [
      { role: 'assistant', parts: [{ kind: 'tool-call', id, name: 'f', arguments: '{}' }] },
      { role: 'tool', parts: [{ kind: 'tool-result', callId: id, parts: [] }] },
    ];
    const ids = (target: Target) => {
      const [call, result] = write({ turns }, target).messages as [
        { tool_calls: { id: string }[] },
        { tool_call_id: string },
      ];
      return [call.tool_calls[0]?.id ?? '', result.tool_call_id] as const;
    };

    const [long, longResult] = ids(targetOf());
    expect(long).toHaveLength(40);
    expect(longResult).toBe(long);
    const [short, shortResult] = ids(targetOf({}, { callIdLength: 9 }));
    expect(short).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(shortResult).toBe(short);
  });

  it('keeps late instructions in place', () => {
    const { messages } = write(
      {
        turns: [
          { role: 'user', parts: [{ kind: 'text', text: 'a' }] },
          { role: 'developer', parts: [{ kind: 'text', text: 'b' }] },
        ],
      },
      targetOf({}, { unsupported: ['developer'] }),
    );

    expect(messages).toEqual([
      { role: 'user', content: 'a' },
      { role: 'system', content: 'b' },
    ]);
  });
});
