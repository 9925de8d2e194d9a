import type { GenerationRequest } from '@app/dialects';
import { seal, SIDES } from '../../../../dialects/src/fixtures/sides.js';
import { leaveOutDuplicates } from './duplicate-context.js';
import { callOf, saidIn, say, talk } from './fixtures.js';

const ANY = { after: 0, dialect: 'openai-chat' };
const file = (name: string): string =>
  `This is ${name}, that is "long".\n${'line of it\n'.repeat(250)}The end of ${name}.\n`;
const REFERENCE = /^\[Unchanged: .* text of \d+ characters .* from "This is a, .*" to "The end of a\." ?/;

describe('leaveOutDuplicates', () => {
  it('puts a reference in the place of what a tool returned before, as often as it comes', () => {
    const turns = [
      say('user', 'Go.'),
      ...callOf('1', file('a')),
      ...callOf('2', file('b')),
      ...callOf('3', file('a')),
    ];
    const { request, tokens } = leaveOutDuplicates(talk([...turns, ...callOf('4', file('a'))]), ANY);
    const [, first, other, again, last] = saidIn(request);

    expect([first, other]).toEqual([file('a'), file('b')]);
    expect(again).toMatch(REFERENCE);
    expect(last).toBe(again);
    expect(tokens).toBeGreaterThan(1200);
    expect(leaveOutDuplicates(request, ANY).request).toBe(request);
  });

  it('says the same of a conversation in every later call', () => {
    const turns = [...callOf('1', file('a')), ...callOf('2', file('a'))];
    const early = leaveOutDuplicates(talk(turns), ANY).request;
    const late = leaveOutDuplicates(
      talk([...turns, say('user', 'On.'), ...callOf('3', file('a'))]),
      ANY,
    ).request;

    expect(late.turns.slice(0, turns.length)).toEqual(early.turns);
  });

  it('knows what a user showed, and leaves what users say', () => {
    const request = talk([say('user', file('a')), ...callOf('1', file('a')), say('user', file('a'))]);
    const [shown, returned, asked] = saidIn(leaveOutDuplicates(request, ANY).request);

    expect([shown, asked]).toEqual([file('a'), file('a')]);
    expect(returned).toMatch(REFERENCE);
  });

  it('refers to what the prompt begins with, which itself is left alone', () => {
    const request = talk([...callOf('1', file('a')), ...callOf('2', file('a'))]);

    expect(saidIn(leaveOutDuplicates(request, { ...ANY, after: 1000 }).request)[1]).toMatch(REFERENCE);
    expect(leaveOutDuplicates(request, { ...ANY, after: 5000 }).request).toBe(request);
  });

  it('leaves short texts, instructions, and what the model said', () => {
    const request = talk([
      say('system', file('a')),
      ...callOf('1', 'short'),
      ...callOf('2', 'short'),
      say('assistant', file('a')),
      ...callOf('3', file('a')),
    ]);

    expect(leaveOutDuplicates(request, ANY).request).toBe(request);
  });

  it.each([
    ['openai-responses', { truncation: 'auto' }],
    ['openai-responses', { context_management: [{ type: 'compaction', compact_threshold: 1000 }] }],
    ['anthropic-messages', { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } }],
    ['openai-chat', { transforms: ['middle-out'] }],
  ])('leaves all where the vendor may forget the earlier one: %s, %j', (name, wish) => {
    const side = SIDES.find(each => each.name === name);
    const said = [{ role: 'user', content: 'Hi' }];
    const body = {
      model: 'm',
      max_tokens: 9,
      ...(name === 'openai-responses' ? { input: said } : { messages: said }),
    };
    const turns = [...callOf('1', file('a')), ...callOf('2', file('a'))];
    const read = (more: object) =>
      ({ ...side?.client.readRequest({ ...body, ...more }, seal), turns }) as GenerationRequest;
    const request = read(wish);
    const { native: _, ...plain } = read({});

    expect(leaveOutDuplicates(request, ANY).request).toBe(request);
    expect(leaveOutDuplicates(talk(turns, plain), ANY).tokens).toBeGreaterThan(0);
  });

  it.each([
    ['of nothing else', '😀'.repeat(1500)],
    ['far behind the start', `${' '.repeat(399)}😀${'a'.repeat(3000)}`],
    ['far before the end', `😀${'a'.repeat(3000)}😀${' '.repeat(399)}`],
  ])('cuts no character in two: %s', (_, faces) => {
    const [, reference = ''] = saidIn(
      leaveOutDuplicates(talk([...callOf('1', faces), ...callOf('2', faces)]), ANY).request,
    );

    expect(reference).toContain('from "😀');
    expect(reference).not.toMatch(/\p{Surrogate}/u);
  });
});
