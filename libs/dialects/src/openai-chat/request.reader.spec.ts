import { InvalidRequestError } from '@app/shared';
import type { SignatureSeal } from '../domain/dialect.js';
import { readRequest } from './request.reader.js';

const seal: SignatureSeal = {
  seal: () => '',
  open: sealed => (sealed === 'ours' ? { issuer: 'anthropic', model: 'claude', payload: 'p' } : null),
};
const user = { role: 'user', content: 'x' };

function read(body: object) {
  return readRequest({ model: 'm', messages: [user], ...body }, seal);
}

function say(part: unknown): object {
  return { messages: [user, { role: 'user', content: [part] }] };
}

const call = (thought_signature: string) => ({
  id: 'c',
  type: 'function',
  function: { name: 'f', arguments: '{}' },
  extra_content: { google: { thought_signature } },
});

describe('the chat request reader', () => {
  it.each([
    ['messages', { messages: [] }],
    ['messages[0]', { messages: ['hello'] }],
    ['messages[0].role', { messages: [{ role: 'robot', content: 'x' }] }],
    ['messages[0].content', { messages: [{ role: 'user', content: 7 }] }],
    ['messages[0].tool_call_id', { messages: [{ role: 'tool', content: 'x' }] }],
    ['messages[1].content[0]', say('x')],
    ['messages[1].content[0].type', say({ text: 'x' })],
    ['messages[1].content[0].text', say({ type: 'text', text: 1 })],
    ['messages[1].content[0].image_url', say({ type: 'image_url', image_url: 'https://a.example/x.png' })],
    ['messages[1].content[0].image_url.url', say({ type: 'image_url', image_url: { url: 5 } })],
    [
      'messages[1].content[0].image_url.url',
      say({ type: 'image_url', image_url: { url: 'data:image/png' } }),
    ],
    ['messages[1].content[0].input_audio.data', say({ type: 'input_audio', input_audio: { format: 'wav' } })],
    ['messages[1].content[0].file', say({ type: 'file', file: { filename: 'a.pdf' } })],
    [
      'messages[0].tool_calls[0].function.name',
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: {} }] }] },
    ],
    ['tools[0].function.name', { tools: [{ type: 'function', function: {} }] }],
    ['tools[1]', { tools: [{ type: 'function', function: { name: 'f' } }, 3] }],
    ['tool_choice', { tool_choice: 'sometimes' }],
    ['tool_choice.function.name', { tool_choice: { type: 'function', function: {} } }],
    ['tool_choice.allowed_tools.mode', { tool_choice: { type: 'allowed_tools', allowed_tools: {} } }],
    ['response_format.json_schema', { response_format: { type: 'json_schema' } }],
    ['temperature', { temperature: 'hot' }],
    ['stop[1]', { stop: ['a', 2] }],
    ['seed', { seed: 'x' }],
    ['stream', { stream: 'yes' }],
    ['stream_options.include_usage', { stream_options: { include_usage: 1 } }],
  ])('names %s when it is wrong', (path, body) => {
    const fail = () => read(body);

    expect(fail).toThrow(InvalidRequestError);
    expect(fail).toThrow(expect.objectContaining({ param: path, status: 400 }));
    expect(fail).toThrow(/Send /);
  });

  it('takes the prefix of a data URL off exactly once', () => {
    const { turns } = read(
      say({ type: 'image_url', image_url: { url: 'data:image/png;base64,data:image/png;base64,AA' } }),
    );

    expect(turns[1]?.parts).toEqual([
      {
        kind: 'media',
        media: 'image',
        mime: 'image/png',
        source: { kind: 'base64', data: 'data:image/png;base64,AA' },
      },
    ]);
  });

  it('reads a data URL without base64', () => {
    const { turns } = read(say({ type: 'image_url', image_url: { url: 'data:image/svg+xml,%3Csvg%2F%3E' } }));

    expect(turns[1]?.parts[0]).toMatchObject({
      mime: 'image/svg+xml',
      source: { data: Buffer.from('<svg/>').toString('base64') },
    });
  });

  it('opens its own signatures and drops all others, with their text kept', () => {
    const details = [
      { type: 'reasoning.text', text: 'A', signature: 'ours', index: 0 },
      { type: 'reasoning.text', text: 'B', signature: 'forged', index: 1 },
      { type: 'reasoning.encrypted', data: 'forged', index: 2 },
    ];
    const { turns } = read({
      messages: [
        {
          role: 'assistant',
          reasoning_content: 'AB',
          reasoning_details: details,
          tool_calls: [call('ours'), call('forged')],
        },
      ],
    });

    const signature = { issuer: 'anthropic', model: 'claude', payload: 'p' };
    const plain = { kind: 'tool-call', id: 'c', name: 'f', arguments: '{}' };
    expect(turns[0]?.parts).toEqual([
      { kind: 'reasoning', text: 'A', signature },
      { kind: 'reasoning', text: 'B' },
      { ...plain, signature },
      plain,
    ]);
  });

  it('gives a signature the text that its client kept elsewhere', () => {
    const { turns } = read({
      messages: [
        {
          role: 'assistant',
          reasoning_content: 'Thought.',
          reasoning_details: [{ type: 'reasoning.text', signature: 'ours', index: 0 }],
        },
      ],
    });

    expect(turns[0]?.parts).toMatchObject([
      { kind: 'reasoning', text: 'Thought.', signature: { payload: 'p' } },
    ]);
  });

  it('reads functions and their calls as tools', () => {
    const { tools, turns } = read({
      functions: [{ name: 'f' }],
      function_call: { name: 'f' },
      messages: [
        user,
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
        { role: 'function', name: 'f', content: 'done' },
      ],
    });

    expect(tools).toEqual({ list: [{ kind: 'function', name: 'f' }], choice: { kind: 'named', name: 'f' } });
    const [call] = turns[1]?.parts ?? [];
    const [result] = turns[2]?.parts ?? [];
    expect(call).toMatchObject({ kind: 'tool-call', name: 'f', arguments: '{}' });
    expect(result).toMatchObject({ kind: 'tool-result', name: 'f', parts: [{ text: 'done' }] });
    expect(call?.kind === 'tool-call' && call.id).toBe(result?.kind === 'tool-result' && result.callId);
  });

  it('reads both marks of a cached prompt', () => {
    const { turns } = read({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } },
            { type: 'text', text: 'b', prompt_cache_breakpoint: { mode: 'explicit' } },
          ],
        },
      ],
    });

    expect(turns[0]?.parts).toMatchObject([{ cache: { ttl: '1h' } }, { cache: {} }]);
  });

  it('keeps what it does not know for vendors that do', () => {
    const { native, turns } = read({
      ...say({ type: 'document_url', document_url: 'https://a.example/x.pdf' }),
      safe_prompt: true,
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
    });

    expect(native).toEqual({
      dialect: 'openai-chat',
      fields: { safe_prompt: true, stream_options: { include_obfuscation: false } },
    });
    expect(turns[1]?.parts).toEqual([
      {
        kind: 'native',
        dialect: 'openai-chat',
        value: { type: 'document_url', document_url: 'https://a.example/x.pdf' },
      },
    ]);
  });
});
