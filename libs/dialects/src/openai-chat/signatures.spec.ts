import type { Answer, StreamEvent } from '../domain/answer.js';
import type { GenerationRequest } from '../domain/conversation.js';
import type { SignatureSeal, StreamMeta } from '../domain/dialect.js';
import type { Part, Signature } from '../domain/part.js';
import { openAiChatClient } from './openai-chat.dialect.js';

const seal: SignatureSeal = {
  seal: signature => `sealed:${JSON.stringify(signature)}`,
  open: sealed => (sealed.startsWith('sealed:') ? (JSON.parse(sealed.slice(7)) as Signature) : null),
};
const meta: StreamMeta = { requestId: 'r1', model: 'asked', seal, llmhub: () => ({ cost: 1 }) };

function write(events: readonly StreamEvent[], streamUsage: boolean): string {
  const request = {
    streamUsage,
    native: { dialect: 'openai-chat', fields: {} },
  } as unknown as GenerationRequest;
  const writer = openAiChatClient.streamWriter(request, meta);
  return events.map(event => writer.write(event)).join('');
}

describe('signatures in chat answers', () => {
  it('go to the caller so that they can come back', () => {
    const signed: Part[] = [
      {
        kind: 'reasoning',
        text: 'First.',
        signature: { issuer: 'anthropic', model: 'claude', payload: 'one' },
      },
      {
        kind: 'reasoning',
        text: '',
        redacted: true,
        signature: { issuer: 'anthropic', model: 'claude', payload: 'two' },
      },
      { kind: 'text', text: 'Done.' },
      {
        kind: 'tool-call',
        id: 'c1',
        name: 'f',
        arguments: '{}',
        signature: { issuer: 'google', model: 'gemini', payload: 'three' },
      },
    ];
    const made: Answer = {
      id: '',
      model: '',
      choices: [{ index: 0, parts: signed, finish: { reason: 'tool-calls', native: null } }],
      usage: null,
    };

    const wire = openAiChatClient.writeAnswer(made, { ...meta, llmhub: null });
    const { message } = (wire['choices'] as { message: object }[])[0] ?? { message: {} };
    const { turns } = openAiChatClient.readRequest({ model: 'm', messages: [message] }, seal);

    expect(message).toMatchObject({ reasoning_content: 'First.', content: 'Done.' });
    expect(wire).toMatchObject({ id: 'chatcmpl-r1', model: 'asked' });
    expect(turns[0]?.parts).toEqual(signed);
  });

  it('are streamed with the whole text of their block', () => {
    const proof = { issuer: 'anthropic', model: 'claude', payload: 'p' };
    const sse = write(
      [
        { kind: 'start', id: 'i', model: 'm' },
        { kind: 'reasoning', choice: 0, block: 0, text: 'Let me ' },
        { kind: 'reasoning', choice: 0, block: 0, text: 'see.' },
        { kind: 'signature', choice: 0, block: 0, signature: proof },
        { kind: 'finish', choice: 0, finish: { reason: 'stop', native: null } },
        { kind: 'end' },
      ],
      false,
    );

    const details = sse.split('\n\n').filter(event => event.includes('reasoning_details'));
    expect(details).toHaveLength(1);
    expect(JSON.parse(details[0]?.slice(6) ?? '')).toMatchObject({
      choices: [
        {
          delta: {
            reasoning_details: [
              { type: 'reasoning.text', text: 'Let me see.', signature: seal.seal(proof), index: 0 },
            ],
          },
        },
      ],
    });
  });
});
