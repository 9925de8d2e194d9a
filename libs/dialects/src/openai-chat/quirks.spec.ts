import type { Quirks, SignatureSeal, Target } from '../domain/dialect.js';
import { Losses } from '../domain/losses.js';
import { fitsAsIs } from './as-is.js';
import { readAnswer } from './answer.reader.js';
import { readRequest } from './request.reader.js';
import { writeRequest } from './request.writer.js';

const noSeal: SignatureSeal = { seal: () => '', open: () => null };
const hello = [{ role: 'user', content: 'Hi.' }];
const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });

function targetOf(quirks: Quirks): Target {
  return { vendor: 'acme', model: 'm', traits: {}, quirks };
}

/** What a caller of chat says, as a vendor with these quirks gets it. */
function write(said: object, quirks: Quirks) {
  const losses = new Losses();
  const body = { model: 'acme/m', messages: hello, ...said };
  const written = writeRequest(readRequest(body, noSeal), targetOf(quirks), losses);
  return {
    written,
    losses: losses.list.map(({ action, field }) => `${action} ${field}`),
    asIs: fitsAsIs(body, quirks),
  };
}

const tools = { tools: [{ type: 'function', function: { name: 'f' } }] };
const schema = { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } } };
/** A tool called and answered. */
const conversation = (id: string) => ({
  messages: [
    ...hello,
    { role: 'assistant', content: null, tool_calls: [call(id)] },
    { role: 'tool', tool_call_id: id, content: '1' },
  ],
});
const speaks = (message: object) => ({ messages: [message] });

describe('quirks of chat vendors', () => {
  it.each<[name: string, quirks: Quirks, said: object, written: object]>([
    ['a field', { unsupported: ['seed'] }, { seed: 1 }, { losses: ['dropped seed'] }],
    ['stream_options', { unsupported: ['stream_options'] }, { stream: true }, { stream: true }],
    ['a limit', { maxTokensField: 'max_tokens' }, { max_completion_tokens: 5 }, { max_tokens: 5 }],
    ['a name', { renamed: { seed: 'random_seed' } }, { seed: 7 }, { random_seed: 7 }],
    [
      'a tool choice',
      { requiredToolChoice: 'any' },
      { ...tools, tool_choice: 'required' },
      { ...tools, tool_choice: 'any' },
    ],
    [
      'a JSON schema',
      { unsupported: ['json_schema'] },
      schema,
      { ...schema, losses: ['refused response_format'] },
    ],
    [
      'names of speakers',
      { unsupported: ['messages.name'] },
      speaks({ role: 'user', content: 'Hi.', name: 'ann' }),
      { ...speaks({ role: 'user', content: 'Hi.' }), losses: ['dropped messages.name'] },
    ],
    [
      'a refusal beside the content',
      { unsupported: ['messages.refusal'] },
      speaks({ role: 'assistant', content: null, refusal: 'No.' }),
      speaks({ role: 'assistant', content: 'No.' }),
    ],
    [
      'members that OpenAI’s SDK sends back and that say nothing',
      { unsupported: ['messages.refusal', 'messages.annotations'] },
      speaks({ role: 'assistant', content: 'Hi.', refusal: null, annotations: [] }),
      speaks({ role: 'assistant', content: 'Hi.' }),
    ],
    [
      'the developer role',
      { unsupported: ['developer'] },
      speaks({ role: 'developer', content: 'Be brief.' }),
      speaks({ role: 'system', content: 'Be brief.' }),
    ],
    [
      'reasoning that comes back',
      { unsupported: ['reasoning_content'] },
      speaks({ role: 'assistant', content: 'Hi.', reasoning: 'Hm.', reasoning_content: 'Hm.' }),
      { ...speaks({ role: 'assistant', content: 'Hi.' }), losses: ['dropped messages.reasoning_content'] },
    ],
    [
      'reasoning under another name',
      { reasoningIn: 'reasoning' },
      speaks({ role: 'assistant', content: 'Hi.', reasoning_content: 'Hm.' }),
      speaks({ role: 'assistant', content: 'Hi.', reasoning: 'Hm.' }),
    ],
    [
      'reasoning as a part',
      { reasoningIn: 'thinking' },
      speaks({ role: 'assistant', content: 'Hi.', reasoning: 'Hm.' }),
      speaks({
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
          { type: 'text', text: 'Hi.' },
        ],
      }),
    ],
    [
      'documents',
      { documentUrl: true },
      speaks({
        role: 'user',
        content: [
          { type: 'file', file: { file_data: 'data:application/pdf;base64,AA==', filename: 'a.pdf' } },
        ],
      }),
      speaks({
        role: 'user',
        content: [
          {
            type: 'document_url',
            document_url: 'data:application/pdf;base64,AA==',
            document_name: 'a.pdf',
          },
        ],
      }),
    ],
  ])('write %s as the vendor wants it', (_, quirks, said, expected) => {
    const { written, losses, asIs } = write(said, quirks);

    expect({ ...written, losses }).toEqual({ model: 'm', messages: hello, losses: [], ...expected });
    expect(asIs).toBe(false);
    expect(fitsAsIs({ model: 'm', messages: hello }, quirks)).toBe(quirks.reasoningIn === undefined);
  });

  it('leave a body alone that says it as the vendor does', () => {
    expect(fitsAsIs({ messages: hello, max_tokens: 5 }, { maxTokensField: 'max_tokens' })).toBe(true);
    expect(fitsAsIs({ messages: hello, max_tokens: 5 }, { maxTokensField: 'max_completion_tokens' })).toBe(
      false,
    );
  });

  it.each<Quirks>([{ reasoningIn: 'reasoning' }, { reasoningOutsideCompletion: true }])(
    'pass nothing where OpenAI’s SDK would misread the answer: %j',
    quirks => {
      expect(fitsAsIs({ messages: hello }, quirks)).toBe(false);
    },
  );

  it('give call and result the same id of the demanded length', () => {
    const { written, asIs } = write(conversation('call_abcdefghijkl'), { callIdLength: 9 });
    const messages = written['messages'] as { tool_call_id?: string; tool_calls?: { id: string }[] }[];

    expect(asIs).toBe(false);
    expect(messages[2]?.tool_call_id).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(messages[1]?.tool_calls?.[0]?.id).toBe(messages[2]?.tool_call_id);
    expect(fitsAsIs(conversation('abcDEF123'), { callIdLength: 9 })).toBe(true);
  });

  it('mark what is to be cached as Anthropic does', () => {
    const losses = new Losses();
    const written = writeRequest(
      {
        model: 'acme/m',
        turns: [{ role: 'user', parts: [{ kind: 'text', text: 'Long.', cache: { ttl: '12h' } }] }],
        tools: { list: [{ kind: 'function', name: 'f', cache: {} }] },
        settings: {},
        stream: false,
        streamUsage: false,
        native: { dialect: 'anthropic-messages', fields: {} },
      },
      targetOf({ cacheControl: true }),
      losses,
    );

    expect(written).toMatchObject({
      messages: [
        { content: [{ type: 'text', text: 'Long.', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
      ],
      tools: [{ type: 'function', function: { name: 'f' }, cache_control: { type: 'ephemeral' } }],
    });
    expect(losses.list).toMatchObject([{ action: 'approximated', field: 'prompt_cache_breakpoint.ttl' }]);
  });

  it('say the marks that the gateway set for a caller of chat, beside none of its own', () => {
    const said = { ...conversation('call_1'), ...tools };
    const read = readRequest({ model: 'acme/m', ...said }, noSeal);
    const marked = {
      ...read,
      turns: read.turns.map(turn => ({
        ...turn,
        parts: turn.parts.map(part => (part.kind === 'tool-call' ? part : { ...part, cache: {} })),
      })),
      tools: { list: read.tools.list.map(tool => ({ ...tool, cache: {} })) },
    };
    const to = (quirks: Quirks) => writeRequest(marked, targetOf(quirks), new Losses());
    const mark = { cache_control: { type: 'ephemeral' } };

    expect(to({})).toEqual({ model: 'm', ...said });
    expect(to({ cacheControl: true })).toEqual({
      model: 'm',
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Hi.', ...mark }] },
        said.messages[1],
        { role: 'tool', tool_call_id: 'call_1', content: [{ type: 'text', text: '1', ...mark }] },
      ],
      tools: [{ ...tools.tools[0], ...mark }],
    });
    const own = { content: [{ type: 'text', text: 'Hi.', prompt_cache_breakpoint: { mode: 'explicit' } }] };
    expect(write(speaks({ role: 'user', ...own }), { cacheControl: true }).written).toMatchObject({
      messages: [own],
    });
  });

  it('tell reasoning in tags from the answer', () => {
    const answer = {
      choices: [{ message: { content: '<think>Hm.</think>\n\nHi.' }, finish_reason: 'stop' }],
    };

    expect(readAnswer(answer, targetOf({ thinkTags: true })).choices[0]?.parts).toEqual([
      { kind: 'reasoning', text: 'Hm.' },
      { kind: 'text', text: 'Hi.' },
    ]);
    expect(readAnswer(answer, targetOf({})).choices[0]?.parts).toEqual([
      { kind: 'text', text: '<think>Hm.</think>\n\nHi.' },
    ]);
  });
});
