import type { StreamEvent } from '../domain/answer.js';
import type { Quirks, SignatureSeal, Target } from '../domain/dialect.js';
import { parseExact } from '../domain/exact-json.js';
import { Losses } from '../domain/losses.js';
import { readAnswer } from './answer.reader.js';
import { readRequest } from './request.reader.js';
import { writeRequest } from './request.writer.js';
import { ChatStreamReader } from './stream.reader.js';

const noSeal: SignatureSeal = { seal: () => '', open: () => null };
const hello = { model: 'acme/m', messages: [{ role: 'user', content: 'Hi.' }] };

function targetOf(quirks: Quirks = {}): Target {
  return { vendor: 'acme', model: 'm', traits: {}, quirks };
}

/** What a vendor gets of a body in its own dialect, written anew; numbers keep their digits. */
function rewritten(body: string): unknown {
  const losses = new Losses();
  const written = writeRequest(readRequest(parseExact(body), noSeal), targetOf(), losses);
  expect(losses.list).toEqual([]);
  return JSON.stringify(written);
}

function streamed(chunks: readonly object[], type?: string): StreamEvent[] {
  const reader = new ChatStreamReader(targetOf());
  const events: StreamEvent[] = [];
  for (const chunk of chunks) {
    reader.read(JSON.stringify(chunk), type, events);
  }
  reader.end(events);
  return events;
}

/** PROTOCOLS 1.12, what the specs of single vendors do not show. */
describe('oddities of chat vendors', () => {
  it.each([
    ['the way Groq writes reasoning', { reasoning_format: 'parsed', include_reasoning: true }],
    ['Mistral’s safe prompt', { safe_prompt: true }],
    ['the thinking of z.ai', { thinking: { type: 'enabled', clear_thinking: false } }],
    ['the thinking of Cerebras', { clear_thinking: false }],
    [
      'Hugging Face’s choice of a tool without its type',
      { tools: [tool('f')], tool_choice: { function: { name: 'f' } } },
    ],
    [
      'Mistral’s beginning of an answer',
      { messages: [...hello.messages, { role: 'assistant', content: 'Sure', prefix: true }] },
    ],
    ['OpenRouter’s wishes', { provider: { order: ['x'] }, models: ['a', 'b'], reasoning: { enabled: true } }],
  ])('survive on the way to the vendor: %s', (_, more) => {
    const body = { ...hello, ...more };
    const written = JSON.parse(String(rewritten(JSON.stringify(body)))) as object;

    expect(written).toMatchObject({ ...more, ...('tool_choice' in more && { tool_choice: choice('f') }) });
  });

  it('survive on the way to the vendor: a seed beyond 2⁵³', () => {
    const body = `{"model":"acme/m","messages":[{"role":"user","content":"Hi."}],"seed":9007199254740993}`;

    expect(rewritten(body)).toContain('"seed":9007199254740993');
  });

  it('are read: Groq’s error in the middle of a stream, with what the model had written', () => {
    const error = {
      message: 'Failed to call a function. Please adjust your prompt.',
      type: 'invalid_request_error',
      code: 'tool_use_failed',
      failed_generation: '<function=f>{"a":</function>',
      status_code: 400,
    };

    for (const chunk of [error, { error }]) {
      expect(streamed([chunk], 'error')).toEqual([
        { kind: 'error', message: error.message, code: 'tool_use_failed', status: 400 },
      ]);
    }
  });

  it.each([
    ['a call without content beside it', { tool_calls: [call('f')] }],
    ['a call beside null', { content: null, tool_calls: [call('f')] }],
    ['a call with its arguments as an object', { content: '', tool_calls: [call('f', {})] }],
  ])('are read: %s', (_, message) => {
    const { choices } = readAnswer({ choices: [{ message, finish_reason: 'stop' }] }, targetOf());

    expect(choices).toMatchObject([
      {
        parts: [{ kind: 'tool-call', id: 'abc', name: 'f', arguments: '{}' }],
        finish: { reason: 'tool-calls' },
      },
    ]);
  });

  it('are read: Azure’s filters everywhere, which are noise', () => {
    const filters = { hate: { filtered: false, severity: 'safe' } };
    const body = {
      id: 'c',
      prompt_filter_results: [{ prompt_index: 0, content_filter_results: filters }],
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hi.' },
          finish_reason: 'stop',
          content_filter_results: filters,
        },
      ],
    };

    expect(readAnswer(body, targetOf()).choices[0]?.parts).toEqual([{ kind: 'text', text: 'Hi.' }]);
  });

  it('are read: no list of calls but an empty one, beside a finish that is not there until the end', () => {
    const events = streamed([
      { id: 'c', choices: [{ index: 0, delta: { role: 'assistant', content: null, tool_calls: [] } }] },
      { id: 'c', choices: [{ delta: { content: 'Hi.', tool_calls: null }, finish_reason: null }] },
      { id: 'c', choices: [{ delta: { content: '' }, finish_reason: '' }] },
      { id: 'c', choices: [{ delta: null, finish_reason: 'stop' }] },
    ]);

    expect(events.map(({ kind }) => kind)).toEqual(['start', 'text', 'finish', 'end']);
  });
});

function tool(name: string): object {
  return { type: 'function', function: { name } };
}

function choice(name: string): object {
  return { type: 'function', function: { name } };
}

function call(name: string, args: unknown = '{}'): object {
  return { id: 'abc', type: 'function', function: { name, arguments: args } };
}
