import { fc } from './properties.js';
import type { StreamEvent } from '@app/dialects';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 }),
  fc.constant('a\u2028b\u2029"\\'),
);
const signature = text.map(payload => ({ issuer: 'anthropic', model: 'claude', payload }));

const kind = fc.constantFrom(
  'text',
  'refusal',
  'reasoning',
  'sign',
  'redact',
  'tool',
  'custom',
  'cite',
  'image',
  'foreign',
);
/** Things to say: choice, what, two texts, a signature. Choice 0 always speaks. */
export const streamSteps = fc.array(fc.tuple(fc.nat({ max: 1 }), kind, text, text, signature), {
  maxLength: 12,
});

type Steps = typeof streamSteps extends fc.Arbitrary<infer T> ? T : never;

/** Grammatical canonical events, from a list of things to say. Choice 0 always speaks. */
export function eventsOf(said: Steps, last: readonly StreamEvent[]): StreamEvent[] {
  const events: StreamEvent[] = [{ kind: 'start', id: 'id', model: 'm', created: 7 }];
  const blocks = [-1, -1];
  const tools = [0, 0];
  const spoke = new Set([0]);
  for (const [choice, what, one, two, proof] of said) {
    const block = blocks[choice] ?? -1;
    const tool = tools[choice] ?? 0;
    spoke.add(choice);
    switch (what) {
      case 'text':
        events.push({
          kind: 'text',
          choice,
          text: one,
          ...(two.length > 4 && { logprobs: { content: [{ token: two }] } }),
        });
        break;
      case 'refusal':
        events.push({ kind: 'refusal', choice, text: one });
        break;
      case 'reasoning':
        events.push({ kind: 'reasoning', choice, block: (blocks[choice] = block + 1), text: one });
        break;
      case 'sign':
        events.push({
          kind: 'signature',
          choice,
          block: (blocks[choice] = Math.max(0, block)),
          signature: proof,
        });
        break;
      case 'redact':
        events.push({
          kind: 'signature',
          choice,
          block: (blocks[choice] = block + 1),
          signature: proof,
          redacted: true,
        });
        break;
      case 'tool':
      case 'custom':
        events.push(
          {
            kind: 'tool-start',
            choice,
            tool,
            id: one,
            name: two,
            ...(what === 'custom' && { custom: true }),
          },
          { kind: 'tool-arguments', choice, tool, delta: one },
          { kind: 'tool-arguments', choice, tool, delta: two },
          { kind: 'tool-end', choice, tool },
        );
        tools[choice] = tool + 1;
        break;
      case 'cite':
        events.push({ kind: 'citation', choice, citation: { url: one, title: two } });
        break;
      case 'image':
        events.push({
          kind: 'media',
          choice,
          part: {
            kind: 'media',
            media: 'image',
            mime: 'image/png',
            source: { kind: 'base64', data: 'AA==' },
          },
        });
        break;
      default:
        events.push({ kind: 'native', choice, part: { kind: 'native', dialect: 'gemini', value: {} } });
    }
  }
  for (const choice of spoke) {
    events.push({
      kind: 'finish',
      choice,
      finish: { reason: tools[choice] ? 'tool-calls' : 'stop', native: null },
    });
  }
  return [...events, ...last];
}
