import { fc } from '../../../../test/support/properties.js';
import type { GenerationRequest, Turn } from '../domain/conversation.js';
import { parseExact } from '../domain/exact-json.js';
import { Losses } from '../domain/losses.js';
import type { Part } from '../domain/part.js';
import { geminiClient } from './client.js';
import { seal } from './fixtures/called.js';
import { targetWith } from './fixtures/written.js';
import { geminiVendor } from './vendor.js';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const canonicalText = fc.record({ kind: fc.constant('text' as const), text });
const canonicalCall = fc
  .tuple(fc.uuid(), text, fc.dictionary(text, fc.integer(), { maxKeys: 2 }), fc.boolean())
  .map(([id, name, args, isWrong]): Part => ({
    kind: 'tool-call',
    id,
    name,
    arguments: isWrong ? 'no JSON' : JSON.stringify(args),
  }));
const conversation = fc
  .array(
    fc.tuple(
      fc.array(canonicalText, { minLength: 1, maxLength: 2 }),
      fc.array(fc.oneof(canonicalText, canonicalCall), { minLength: 1, maxLength: 4 }),
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map(exchanges => exchanges.flatMap(([user, model]): Turn[] => turnsOf(user, model)));

function turnsOf(user: Part[], model: Part[]): Turn[] {
  const results = model.flatMap((part, index): Part[] =>
    part.kind === 'tool-call'
      ? [
          {
            kind: 'tool-result',
            callId: part.id,
            name: part.name,
            parts: [{ kind: 'text', text: `${index}` }],
            ...(index === 1 && { isError: true }),
          },
        ]
      : [],
  );
  return [
    { role: 'user', parts: user },
    { role: 'assistant', parts: joined(model) },
    ...(results.length > 0 ? [{ role: 'tool' as const, parts: results }] : []),
  ];
}

/** Texts that follow each other are one text at Google. */
function joined(parts: readonly Part[]): Part[] {
  const list: Part[] = [];
  for (const part of parts) {
    const last = list.at(-1);
    if (last?.kind === 'text' && part.kind === 'text') {
      list[list.length - 1] = { ...last, text: last.text + part.text };
    } else {
      list.push(part);
    }
  }
  return list;
}

describe('a conversation, written for Google and read again', () => {
  it('is the same', () => {
    fc.assert(
      fc.property(conversation, turns => {
        const native = { dialect: 'openai-chat', fields: {} } as const;
        const request: GenerationRequest = {
          model: 'm',
          turns: [{ role: 'system', parts: [{ kind: 'text', text: 'Be brief.' }] }, ...turns],
          tools: {
            list: [{ kind: 'function', name: 'f', parameters: { type: 'object' } }],
            choice: { kind: 'required' },
          },
          settings: {
            topK: 3,
            stop: ['x'],
            format: { kind: 'json-schema', name: 'response', schema: { type: 'object' } },
          },
          stream: false,
          streamUsage: true,
          native,
        };
        const losses = new Losses();
        const written = geminiVendor.writeRequest(request, targetWith(), losses);
        const back = geminiClient.readRequest(parseExact(JSON.stringify(written)), seal);

        expect(losses.list.filter(({ field }) => !field.endsWith('arguments'))).toEqual([]);
        expect({ ...back, model: 'm', native }).toEqual(request);
      }),
    );
  });
});
