import { checkGeminiStream } from '../../../../test/support/gemini-stream-grammar.js';
import type { StreamEvent } from '../domain/answer.js';
import type { GenerationRequest } from '../domain/conversation.js';
import { geminiClient } from './client.js';
import { meta } from './fixtures/called.js';

function write(events: readonly StreamEvent[]): string {
  const writer = geminiClient.streamWriter({} as GenerationRequest, meta);
  return events.map(event => writer.write(event)).join('');
}

describe('the grammar of Gemini streams', () => {
  const finish = { kind: 'finish', choice: 0, finish: { reason: 'stop', native: null } } as const;
  const sse = write([
    { kind: 'start', id: 'i', model: 'm' },
    { kind: 'text', choice: 0, text: 'one' },
    { kind: 'tool-start', choice: 0, tool: 0, id: 'c', name: 'f' },
    { kind: 'tool-arguments', choice: 0, tool: 0, delta: '{}' },
    { kind: 'tool-end', choice: 0, tool: 0 },
    finish,
    { kind: 'usage', usage: { inputTokens: 1, outputTokens: 1 } },
    { kind: 'end' },
  ]);
  const [first = '', last = ''] = sse.split(/(?<=\r\n\r\n)/);

  it.each([
    ['a missing finish', first],
    ['a finish twice', first + last + last],
    ['content behind the finish', sse + first],
    ['another id', first + last.replace('"responseId":"i"', '"responseId":"j"')],
    ['LF instead of CR LF', sse.replaceAll('\r', '')],
    ['half an event', sse.slice(0, -4)],
    ['an unknown finish', sse.replace('"STOP"', '"DONE"')],
    ['arguments as text', sse.replace('"args":{}', '"args":"{}"')],
    ['a call without a name', sse.replace('"name":"f"', '"name":""')],
    ['a part of nothing', sse.replace('{"text":"one"}', '{}')],
    ['a part of two things', sse.replace('{"text":"one"}', '{"text":"one","inlineData":{}}')],
    ['a foreign role', sse.replace('"role":"model"', '"role":"user"')],
    ['no number', sse.replace('"index":0', '"index":null')],
    ['half a usage', sse.replace('"totalTokenCount"', '"total"')],
    ['an error that no SDK sees', first + 'data: {"error":{"code":0,"message":"x","status":"y"}}\r\n\r\n'],
    ['an error behind the finish', sse + 'data: {"error":{"code":503,"message":"x","status":"y"}}\r\n\r\n'],
    ['a sentinel', `${sse}data: [DONE]\r\n\r\n`],
    [
      'a signature that is no base64',
      sse.replace('{"text":"one"}', '{"text":"","thoughtSignature":"gw1.a"}'),
    ],
  ])('refuses %s', (_what, mutated) => {
    expect(() => checkGeminiStream(sse)).not.toThrow();
    expect(mutated).not.toBe(sse);
    expect(() => checkGeminiStream(mutated)).toThrow();
  });
});
