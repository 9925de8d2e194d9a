import { parseExact } from '@app/dialects';
import { seal, SIDES } from '../../../../dialects/src/fixtures/sides.js';
import { hasCacheMarks } from './caller-marks.js';

const cache_control = { type: 'ephemeral' };
const hi = { role: 'user', content: 'Hi' };
const look = { name: 'look', parameters: { type: 'object' } };
const called = {
  role: 'assistant',
  tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } }],
};
const result = { role: 'tool', tool_call_id: 'c', content: 'r' };
const pieces = (mark: object) => ({
  type: 'document',
  source: { type: 'content', content: [{ type: 'text', text: 't', ...mark }] },
});

/** Where a caller of each dialect can put its mark. */
const PLACES: readonly (readonly [string, string, (mark: object) => object])[] = [
  ['openai-chat', 'a message', mark => ({ messages: [{ ...hi, ...mark }] })],
  ['openai-chat', "a tool's message", mark => ({ messages: [hi, called, { ...result, ...mark }] })],
  [
    'openai-chat',
    'a function',
    mark => ({ messages: [hi], tools: [{ type: 'function', function: { ...look, ...mark } }] }),
  ],
  [
    'openai-chat',
    'a free-text tool',
    mark => ({ messages: [hi], tools: [{ type: 'custom', custom: { name: 'look' }, ...mark }] }),
  ],
  [
    'openai-chat',
    'a call',
    mark => ({ messages: [hi, { ...called, tool_calls: [{ ...called.tool_calls[0], ...mark }] }, result] }),
  ],
  ['openai-responses', 'an item', mark => ({ input: [{ ...hi, ...mark }] })],
  ['openai-responses', 'a tool', mark => ({ input: 'Hi', tools: [{ type: 'function', ...look, ...mark }] })],
  ['anthropic-messages', 'a message', mark => ({ messages: [{ ...hi, ...mark }] })],
  [
    'anthropic-messages',
    'a piece of a document',
    mark => ({ messages: [{ role: 'user', content: [pieces(mark)] }] }),
  ],
];

describe('hasCacheMarks', () => {
  it.each(PLACES)('finds the mark that a caller of %s puts on %s', (name, _, bodyWith) => {
    const side = SIDES.find(each => each.name === name);
    const read = (mark: object) =>
      side?.client.readRequest(
        parseExact(JSON.stringify({ model: 'm', max_tokens: 9, ...bodyWith(mark) })),
        seal,
      );
    const [marked, plain, none] = [{ cache_control }, {}, { cache_control: null }].map(read);

    expect(marked && hasCacheMarks(marked)).toBe(true);
    expect(plain && hasCacheMarks(plain)).toBe(false);
    expect(none && hasCacheMarks(none)).toBe(false);
  });
});
