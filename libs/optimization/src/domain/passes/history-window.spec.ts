import type { GenerationRequest, Turn } from '@app/dialects';
import { fc } from '../../../../../test/support/properties.js';
import { requests } from '../../../../dialects/src/fixtures/requests.js';
import { seal, SIDES } from '../../../../dialects/src/fixtures/sides.js';
import { callOf, saidIn, say, talk } from './fixtures.js';
import { windowed } from './history-window.js';

const last = (most: number) => ({ unit: 'last', most }) as const;
const tokens = (most: number) => ({ unit: 'tokens', most }) as const;
/** So many questions, each with its answer but the last. */
const chat = (questions: number): GenerationRequest =>
  talk([
    say('system', 'Be brief.'),
    ...Array.from({ length: questions }, (_, at) => [say('user', `${at}`), say('assistant', `a${at}`)])
      .flat()
      .slice(0, -1),
  ]);
const keptOf = (questions: number, window: Parameters<typeof windowed>[1]) =>
  saidIn(windowed(chat(questions), window).request).map(Number);

const long = (at: number): readonly Turn[] => [say('user', `${at}`.padEnd(400, 'x')), say('assistant', 'ok')];
const message = (role: string, content: string) => ({ role, content });
const longTalk = (questions: number) => talk(Array.from({ length: questions }, (_, at) => long(at)).flat());
const talkedIn = ({ turns }: GenerationRequest): readonly Turn[] =>
  turns.filter(({ role }) => role !== 'system' && role !== 'developer');

const ofResponses = (input: readonly object[]) =>
  SIDES.find(({ name }) => name === 'openai-responses')?.client.readRequest(
    { model: 'm', input },
    seal,
  ) as GenerationRequest;
const leftOf = (input: readonly object[]) =>
  windowed(ofResponses(input), last(1)).request.native.body?.['input'];

describe('windowed', () => {
  it('gives the very request while all of it fits', () => {
    const request = chat(4);

    expect(windowed(request, last(4))).toEqual({ request, turns: 0, tokens: 0 });
    expect(windowed(request, last(4)).request).toBe(request);
  });

  it('moves in steps: half of it goes when there is too much, and then nothing for as long', () => {
    expect([4, 5, 6, 7, 8].map(questions => keptOf(questions, last(4)))).toEqual([
      [0, 1, 2, 3],
      [3, 4],
      [3, 4, 5],
      [3, 4, 5, 6],
      [6, 7],
    ]);
    expect(keptOf(9, last(1))).toEqual([8]);
  });

  it('tells how many turns and tokens are left out', () => {
    const { request, ...left } = windowed(chat(5), last(4));

    expect(left).toEqual({ turns: 6, tokens: 6 });
    expect(request.turns.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  });

  it('counts tokens, and keeps the last question whatever its size', () => {
    expect(saidIn(windowed(longTalk(3), tokens(310)).request)).toHaveLength(3);
    expect(saidIn(windowed(longTalk(4), tokens(310)).request)).toHaveLength(1);
    expect(saidIn(windowed(longTalk(5), tokens(310)).request)).toHaveLength(2);
    expect(saidIn(windowed(longTalk(5), tokens(1)).request)).toHaveLength(1);
  });

  it('keeps instructions wherever they stand, and never begins within the work of a tool', () => {
    const turns = [
      say('user', 'one'),
      ...callOf('1', 'r1'),
      say('user', 'a hint behind a result'),
      say('developer', 'From now on in French.'),
      ...callOf('2', 'r2'),
      say('assistant', 'done'),
      say('user', 'two'),
      say('user', 'and more'),
      ...callOf('3', 'r3'),
    ];
    const { request } = windowed(talk(turns), last(1));

    expect(request.turns).toEqual([turns[4], ...turns.slice(8)]);
  });

  it('does not part a call from a result that comes behind a question', () => {
    const [call, result] = callOf('1', 'late') as [Turn, Turn];
    const turns = [say('user', 'one'), call, say('user', 'hurry'), result, say('assistant', 'well')];

    expect(windowed(talk(turns), last(1)).request.turns).toEqual(turns);
    const { request } = windowed(talk([...turns, say('user', 'two')]), last(1));
    expect(saidIn(request)).toEqual(['two']);
  });

  it('leaves the same out of a body of Responses', () => {
    const kept = [
      message('developer', 'Be brief.'),
      { type: 'additional_tools', role: 'developer', tools: [] },
      message('user', 'two'),
    ];
    const input = [
      kept[0],
      message('user', 'one'),
      { type: 'function_call', call_id: '1', name: 'look', arguments: '' },
      { type: 'function_call_output', call_id: '1', output: 'r' },
      kept[1],
      message('assistant', 'well'),
      kept[2],
    ];
    const request = talk(
      [
        say('developer', 'Be brief.'),
        say('user', 'one'),
        ...callOf('1', 'r'),
        say('assistant', 'well'),
        say('user', 'two'),
      ],
      {
        native: { dialect: 'openai-responses', fields: {}, body: { model: 'm', input } },
      },
    );

    expect(windowed(request, last(1)).request.native.body).toEqual({ model: 'm', input: kept });
  });

  it.each([
    [
      { type: 'mcp_approval_request', id: 'a1' },
      { type: 'mcp_approval_response', approval_request_id: 'a1' },
    ],
    [
      { type: 'computer_call', id: 'i', call_id: 'c1' },
      { type: 'computer_call_output', call_id: 'c1' },
    ],
    [
      { type: 'local_shell_call', id: 'i', call_id: 'c1' },
      { type: 'local_shell_call_output', id: 'c1' },
    ],
  ])('parts no item from the one that answers it: %j', (asked, answer) => {
    const done = [message('user', 'one'), asked, message('user', 'Go on.'), answer];

    expect(leftOf(done)).toEqual(done);
    expect(leftOf([...done, message('user', 'two')])).toEqual([message('user', 'two')]);
  });

  it('moves on behind what nobody answers', () => {
    const request = { type: 'mcp_approval_request', id: 'a1' };

    expect(leftOf([message('user', 'one'), request, message('user', 'No.')])).toEqual([
      message('user', 'No.'),
    ]);
  });

  it('keeps the tools that a search brought, and no id by which the vendor misses what stood before it', () => {
    const call = { type: 'tool_search_call', call_id: 't', execution: 'client', arguments: {} };
    const found = { type: 'tool_search_output', call_id: 't', tools: [{ type: 'function', name: 'look' }] };
    const input = [
      message('user', 'one'),
      { type: 'reasoning', id: 'rs_1', summary: [] },
      { ...call, id: 'tsc_1' },
      { ...found, id: 'tso_1' },
      message('user', 'two'),
    ];

    expect(leftOf(input)).toEqual([call, found, message('user', 'two')]);
  });

  it('knows a message whose type is null', () => {
    const input = ['one', 'two', 'three'].map(text => ({ type: null, ...message('user', text) }));
    const spoken = input.flatMap(item => [item, message('assistant', 'ok')]).slice(0, -1);

    expect(leftOf(spoken)).toEqual([input[2]]);
  });

  it('gives of any request one that begins with a question and holds every call with its result, and nothing of what it gave', () => {
    const window = fc.oneof(
      fc.integer({ min: 1, max: 4 }).map(last),
      fc.integer({ min: 1, max: 60 }).map(tokens),
    );
    fc.assert(
      fc.property(requests, window, (request, most) => {
        const { request: cut, turns: left } = windowed(request, most);
        const said = talkedIn(cut);
        expect(left === 0 ? cut === request : said[0]?.role === 'user').toBe(true);
        expect(said).toEqual(talkedIn(request).slice(left));
        expect(cut.turns.length).toBe(request.turns.length - left);
        const calls = said.flatMap(({ parts }) =>
          parts.flatMap(part => (part.kind === 'tool-call' ? [part.id] : [])),
        );
        const results = said.flatMap(({ parts }) =>
          parts.flatMap(part => (part.kind === 'tool-result' ? [part.callId] : [])),
        );
        expect(results.every(id => calls.includes(id))).toBe(true);
        expect(windowed(cut, most).request).toBe(cut);
      }),
    );
  });
});
