import { fc } from '../../../../test/support/properties.js';
import { GatewayError } from '@app/shared';
import type { Answer, StreamEvent } from '../domain/answer.js';
import type { GenerationRequest } from '../domain/conversation.js';
import type { AnswerMeta, SignatureSeal, Target } from '../domain/dialect.js';
import { asWritten } from '../domain/field-names.js';
import { Losses } from '../domain/losses.js';
import type { Part, Signature } from '../domain/part.js';
import { breakAt } from '../fixtures/breakages.js';
import { geminiVendor } from '../gemini/vendor.js';
import { openAiChatVendor } from '../openai-chat/openai-chat.dialect.js';
import { anthropicMessagesClient } from './client.js';
import { messageRequests } from './fixtures/requests.js';
import { anthropicMessagesVendor } from './vendor.js';

const seal: SignatureSeal = {
  seal: signature => `gw1.${JSON.stringify(signature)}`,
  open: sealed => (sealed.startsWith('gw1.{') ? (JSON.parse(sealed.slice(4)) as Signature) : null),
};
const meta: AnswerMeta = { requestId: 'r1', model: 'asked', seal, llmhub: null };
const target: Target = { vendor: 'anthropic', model: 'claude', traits: {}, quirks: {} };
const ask = { role: 'user', content: 'Hi' };

function read(messages: readonly object[], more: object = {}): GenerationRequest {
  return anthropicMessagesClient.readRequest({ model: 'm', max_tokens: 9, messages, ...more }, seal);
}

function answer(
  parts: readonly Part[],
  reason: Answer['choices'][number]['finish']['reason'] = 'stop',
): Answer {
  const finish = { reason, native: null };
  return { id: '', model: '', usage: null, choices: [{ index: 0, parts, finish }] };
}

function stream(events: readonly StreamEvent[]): string {
  const writer = anthropicMessagesClient.streamWriter({} as GenerationRequest, {
    ...meta,
    llmhub: () => null,
  });
  return events.map(event => writer.write(event)).join('');
}

function userAtOpenAi(user_id: string): unknown {
  const request = read([ask], { metadata: { user_id } });
  return openAiChatVendor.writeRequest(request, target, new Losses())['user'];
}

/** What a caller gets of an answer comes back in its next question. */
function comeBack(parts: readonly Part[]): readonly Part[] {
  const { content } = anthropicMessagesClient.writeAnswer(answer(parts), meta);
  const { turns } = read([ask, { role: 'assistant', content }]);
  return turns[1]?.parts ?? [];
}

describe('what comes back from a caller of messages', () => {
  const proof: Signature = { issuer: 'google', model: 'gemini', payload: 'p' };

  it.each<[string, Part[]]>([
    ['reasoning that its vendor signed', [{ kind: 'reasoning', text: 'So.', signature: proof }]],
    ['reasoning that nobody signed', [{ kind: 'reasoning', text: 'So.' }]],
    ['reasoning that is encrypted', [{ kind: 'reasoning', text: '', redacted: true, signature: proof }]],
    ['a signature alone', [{ kind: 'reasoning', text: '', signature: proof }]],
    [
      'signatures of calls',
      [
        { kind: 'tool-call', id: 'a', name: 'f', arguments: '{}', signature: proof },
        { kind: 'tool-call', id: 'b', name: 'f', arguments: '{"x":1}' },
      ],
    ],
    [
      'an id with characters that Anthropic refuses',
      [{ kind: 'tool-call', id: 'functions.f:0', name: 'f', arguments: '{}' }],
    ],
    [
      'a web page that was cited',
      [{ kind: 'text', text: 'Blue.', citations: [{ url: 'https://a.example', title: 'A', quote: 'q' }] }],
    ],
    [
      'a picture',
      [{ kind: 'media', media: 'image', mime: 'image/png', source: { kind: 'base64', data: 'AA==' } }],
    ],
  ])('is %s, as its vendor gave it', (_what, parts) => {
    expect(comeBack(parts)).toEqual(parts);
  });

  it('is a signature that came last, before what it stands for: no thought is the last word', () => {
    const said: Part = { kind: 'text', text: 'Hi.' };
    const bare: Part = { kind: 'reasoning', text: '', signature: proof };

    expect(comeBack([said, bare])).toEqual([bare, said]);
  });

  it("is Anthropic's own signature, untouched", () => {
    const block = { type: 'thinking', thinking: 'So.', signature: 'EoAB' };
    const { messages } = anthropicMessagesVendor.writeRequest(
      read([ask, { role: 'assistant', content: [block, { type: 'text', text: 'Hi.' }] }, ask]),
      target,
      new Losses(),
    );

    expect((messages as { content: object[] }[])[1]?.content[0]).toEqual(block);
  });

  it("is no signature of another project's, or an altered one", () => {
    const content = [{ type: 'thinking', thinking: 'So.', signature: 'gw1.altered' }];
    const { turns } = read([ask, { role: 'assistant', content }]);

    expect(turns[1]?.parts).toEqual([{ kind: 'reasoning', text: 'So.' }]);
  });
});

describe('a message', () => {
  it('never is an empty success when the model wrote a call that cannot be read', () => {
    const whole = anthropicMessagesClient.writeAnswer(answer([], 'malformed-call'), meta);
    const streamed = stream([
      { kind: 'start', id: 'i', model: 'm' },
      { kind: 'finish', choice: 0, finish: { reason: 'malformed-call', native: 'MALFORMED_FUNCTION_CALL' } },
      { kind: 'end' },
    ]);

    expect(whole['content']).toEqual([
      expect.objectContaining({ text: expect.stringContaining('cannot be read') }),
    ]);
    expect(streamed).toContain('cannot be read');
  });

  it.each<[string, object]>([
    ['cyber: Not this.', { type: 'refusal', category: 'cyber', explanation: 'Not this.' }],
    ['SAFETY', { type: 'refusal', category: null, explanation: 'SAFETY' }],
  ])('says why it was refused: %s', (detail, expected) => {
    const made = answer([]);
    const finish = { reason: 'content-filter' as const, native: null, detail };
    const choices = [{ index: 0, parts: [], finish }];
    const wire = anthropicMessagesClient.writeAnswer({ ...made, choices }, meta);

    expect(wire).toMatchObject({ stop_reason: 'refusal', stop_details: expected });
  });

  it('tells input tokens at the start of its stream when the vendor does', () => {
    const sse = stream([
      { kind: 'start', id: 'i', model: 'm' },
      { kind: 'usage', usage: { inputTokens: 12, cacheReadTokens: 5, outputTokens: 1 } },
      { kind: 'text', choice: 0, text: 'Hi' },
    ]);

    expect(sse).toContain(
      '"usage":{"input_tokens":7,"cache_creation_input_tokens":0,"cache_read_input_tokens":5',
    );
  });
});

describe('what Anthropic alone knows', () => {
  it('is text for others where it holds some', () => {
    const found = {
      type: 'search_result',
      source: 'https://a.example',
      title: 'A',
      content: [{ type: 'text', text: 'Blue.' }],
    };
    const pieces = {
      type: 'document',
      source: { type: 'content', content: [{ type: 'text', text: 'Red.' }] },
    };
    const summary = { type: 'compaction', content: 'They talked.' };
    const searched = { type: 'tool_use', id: 'toolu_1', name: 'ToolSearch', input: {} };
    const reference = { type: 'tool_reference', tool_name: 'WebFetch' };
    const request = read([
      { role: 'user', content: [found, pieces] },
      { role: 'assistant', content: [summary, searched] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [reference] }] },
    ]);
    const written = JSON.stringify(
      openAiChatVendor.writeRequest(request, { ...target, vendor: 'openai' }, new Losses()),
    );

    for (const text of [
      'Blue.',
      'https://a.example',
      'Red.',
      'They talked.',
      'The tool WebFetch is there now.',
    ]) {
      expect(written).toContain(text);
    }
    const back = JSON.stringify(anthropicMessagesVendor.writeRequest(request, target, new Losses()));
    for (const block of [found, pieces, summary, reference]) {
      expect(back).toContain(JSON.stringify(block));
    }
  });

  it('is passed on where pieces of a summary are no objects', () => {
    const summary = { type: 'compaction', content: [null, { type: 'text', text: 'They talked.' }, 7] };
    const request = read([{ role: 'assistant', content: [summary] }]);

    expect(request.turns[0]?.parts).toEqual([
      { kind: 'text', text: 'They talked.', native: expect.anything() },
    ]);
  });

  it('is how long an id of a user may be: OpenAI gets the hash of a longer one', () => {
    expect(userAtOpenAi('u-1')).toBe('u-1');
    expect(userAtOpenAi(`user_${'a'.repeat(100)}`)).toMatch(/^[0-9a-f]{64}$/);
    expect(userAtOpenAi(`user_${'a'.repeat(100)}`)).not.toBe(userAtOpenAi(`user_${'b'.repeat(100)}`));
  });

  it('is a file of its own, which others refuse', () => {
    const messages = [{ role: 'user', content: [{ type: 'container_upload', file_id: 'file_1' }] }];
    const losses = new Losses(asWritten(anthropicMessagesClient.fieldNames, { messages }));
    const request = read(messages);
    openAiChatVendor.writeRequest(request, { ...target, vendor: 'openai' }, losses);

    expect(losses.list).toEqual([
      expect.objectContaining({ action: 'refused', field: 'messages.content.document' }),
    ]);
  });
});

describe('a request that is wrong somewhere', () => {
  const vendors = [openAiChatVendor, anthropicMessagesVendor, geminiVendor];

  it('is refused with a name, or written; it breaks nothing', () => {
    fc.assert(
      fc.property(messageRequests, fc.nat(), fc.jsonValue({ maxDepth: 2 }), (wire, at, wrong) => {
        const broken = breakAt(wire, at, wrong);
        try {
          const request = anthropicMessagesClient.readRequest(broken, seal);
          vendors.forEach(vendor => vendor.writeRequest(request, target, new Losses()));
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
          expect((error as GatewayError).status).toBe(400);
        }
      }),
    );
  });
});
