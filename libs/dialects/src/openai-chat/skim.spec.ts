import { fc } from '../../../../test/support/properties.js';
import { recordings } from '../../../../test/support/recordings.js';
import type { Target } from '../domain/dialect.js';
import { openAiChatVendor } from './openai-chat.dialect.js';
import { skim } from './skim.js';

const target: Target = { vendor: 'openai', model: 'gpt-5', traits: {}, quirks: {} };
const USAGE = { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 };

const bytesOf = (answer: unknown): Buffer => Buffer.from(JSON.stringify(answer));
const summaryOf = (wire: unknown) => openAiChatVendor.readSummary(wire, target);

function answerOf(message: object, more: object = {}): Record<string, unknown> {
  const choice = { index: 0, message: { role: 'assistant', ...message }, finish_reason: 'length' };
  return { id: 'chatcmpl-1', model: 'gpt-5', choices: [choice], usage: USAGE, service_tier: 'flex', ...more };
}

describe('skim', () => {
  it('tells of an answer what the ledger wants, and leaves out what was said', () => {
    const answer = answerOf({ content: 'Hello' });

    const skimmed = skim(bytesOf(answer));

    expect(summaryOf(skimmed)).toEqual(summaryOf(answer));
    expect(JSON.stringify(skimmed)).not.toContain('Hello');
  });

  it('is not misled by what was said, whatever that is', () => {
    const said = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '"finish_reason":"stop"',
        ',"choices":[{"finish_reason":"stop"',
        '"usage":{}}',
        '\\',
        '}]}',
      ),
    );
    fc.assert(
      fc.property(fc.array(said), fc.constantFrom(undefined, 2), (texts, space) => {
        const answer = answerOf({ content: texts.join('') });
        const bytes = Buffer.from(JSON.stringify(answer, null, space));

        expect(summaryOf(skim(bytes) ?? answer)).toEqual(summaryOf(answer));
      }),
    );
  });

  it.each([
    ['two choices', answerOf({}, { choices: [1, 2].map(() => ({ message: {}, finish_reason: 'stop' })) })],
    ['a call of a tool', answerOf({ tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{}' } }] })],
    ['an error', answerOf({}, { error: { message: 'no' } })],
    ['no end', answerOf({}, { choices: [{ message: {} }] })],
    ['an end that stands deeper', answerOf({}, { choices: [{ message: { a: { finish_reason: 'x' } } }] })],
    ['choices that stand deeper', { data: answerOf({}) }],
  ])('leaves to the parser: %s', (_, answer) => {
    expect(skim(bytesOf(answer))).toBeNull();
  });

  it.each([
    '',
    'null',
    '{"choices":',
    '{"choices":[{"finish_reason":"stop"',
    '<html>"choices":"finish_reason":',
  ])('leaves to the parser what is no answer: %j', text => {
    expect(skim(Buffer.from(text))).toBeNull();
  });

  it('tells of every recorded answer what the parser tells', () => {
    const answers = recordings('openai-chat')
      .flatMap(([, calls]) => calls)
      .filter(({ status, body }) => status === 200 && typeof body !== 'string');

    const skimmed = answers.filter(({ body }) => skim(bytesOf(body)) !== null);

    for (const { body } of skimmed) {
      expect(summaryOf(skim(bytesOf(body)))).toEqual(summaryOf(body));
    }
    expect(skimmed.length).toBeGreaterThanOrEqual(Math.min(answers.length, 20));
  });
});
