import { type LiveItem, Losses } from '@app/dialects';
import { Conversation } from './conversation.js';

const said = (role: 'user' | 'assistant', text: string): LiveItem => ({
  kind: 'message',
  role,
  parts: [{ kind: 'text', text }],
});
const call = (id: string): LiveItem => ({ kind: 'call', id, name: 'look_up', arguments: `{"of":"${id}"}` });
const result = (callId: string): LiveItem => ({ kind: 'result', callId, output: `result of ${callId}` });

let losses: Losses;
let conversation: Conversation;

function begin(tokens = 10_000, bytes = 1_000_000): void {
  losses = new Losses();
  conversation = new Conversation({ tokens, bytes }, losses);
}
beforeEach(() => begin());

const add = (...items: readonly LiveItem[]): void => items.forEach(item => conversation.add(item));
const told = (instructions = ''): unknown[] =>
  conversation.turns(instructions).map(({ role, parts }) => [
    role,
    ...parts.map(part => {
      switch (part.kind) {
        case 'text':
          return part.text;
        case 'tool-call':
          return `call ${part.id}`;
        case 'tool-result':
          return `result ${part.callId}`;
        default:
          return part.kind;
      }
    }),
  ]);

describe('a conversation', () => {
  it('is told behind its instructions', () => {
    add(said('user', 'Hi.'), said('assistant', 'Hello.'));
    expect(told('Be brief.')).toEqual([
      ['system', 'Be brief.'],
      ['user', 'Hi.'],
      ['assistant', 'Hello.'],
    ]);
  });

  it('begins with its instructions where nobody has said a word', () => {
    expect(told('Greet the caller.')).toEqual([['user', 'Greet the caller.']]);
    expect(told()).toEqual([]);
  });

  it('has a place for words that come later, and none for those that never come', () => {
    const first = conversation.place('user');
    const never = conversation.place('user');
    const answer = conversation.place('assistant');
    answer.say('One');
    expect(conversation.hasNews).toBe(false);
    first.say('Count.');
    answer.say(', two.');
    expect(conversation.hasNews).toBe(true);
    expect([first.isEmpty, never.isEmpty]).toEqual([false, true]);
    expect(told()).toEqual([
      ['user', 'Count.'],
      ['assistant', 'One, two.'],
    ]);
  });

  it('has results behind their calls, whenever they come, and calls without one never', () => {
    add(said('user', 'Look it up.'), said('assistant', 'Wait.'), call('a'), call('b'), call('c'));
    add(said('user', 'Well?'), result('b'), result('a'));
    expect(told()).toEqual([
      ['user', 'Look it up.'],
      ['assistant', 'Wait.', 'call a', 'call b'],
      ['tool', 'result a', 'result b'],
      ['user', 'Well?'],
    ]);
  });

  it('keeps steps of calls apart', () => {
    add(said('user', 'Go.'), call('a'), result('a'), call('b'), result('b'));
    expect(told().slice(1)).toEqual([
      ['assistant', 'call a'],
      ['tool', 'result a'],
      ['assistant', 'call b'],
      ['tool', 'result b'],
    ]);
  });

  it('tells of a result that belongs to no call', () => {
    add(result('x'));
    expect(conversation.hasNews).toBe(false);
    expect(losses.list).toMatchObject([{ action: 'dropped', field: 'tool results' }]);
  });

  it('forgets the oldest when it is too long, up to somebody who is not the model, and tells so', () => {
    begin(100);
    add(said('user', 'x'.repeat(200)), said('assistant', 'y'), call('a'), result('a'));
    expect(losses.list).toEqual([]);
    add(said('user', 'z'.repeat(200)));
    expect(told()).toEqual([['user', 'z'.repeat(200)]]);
    expect(losses.list).toMatchObject([{ action: 'dropped', field: 'conversation' }]);
    add(result('a'));
    expect(told()).toHaveLength(1);
  });

  it('keeps the newest, however long it is', () => {
    begin(10);
    add(said('user', 'x'.repeat(1000)));
    expect(told()).toHaveLength(1);
  });

  it('is bounded in turns that say nothing, and in pictures', () => {
    begin(1000, 10_000);
    for (let count = 0; count < 2000; count++) {
      add(said('user', ''));
    }
    const data = 'A'.repeat(4000);
    const picture: LiveItem = {
      kind: 'message',
      role: 'user',
      parts: [{ kind: 'media', media: 'image', mime: 'image/png', source: { kind: 'base64', data } }],
    };
    begin(1_000_000, 10_000);
    add(picture, picture, picture);
    expect(told()).toHaveLength(2);
  });

  it('measures a turn that grows in many pieces once', () => {
    const { byteLength } = Buffer;
    let measured = 0;
    Buffer.byteLength = text => {
      measured += String(text).length;
      return byteLength(text);
    };
    try {
      begin(1_000_000, 1_000_000);
      const place = conversation.place('assistant');
      for (let count = 0; count < 1000; count++) {
        place.say('word ');
      }
    } finally {
      Buffer.byteLength = byteLength;
    }
    expect(measured).toBe(5000);
    expect(told()).toEqual([['assistant', 'word '.repeat(1000)]]);
  });

  it('is bounded by what grows in it', () => {
    begin(1_000_000, 1000);
    add(said('user', 'Count.'));
    const place = conversation.place('assistant');
    Array.from({ length: 200 }).forEach(() => place.say('word '));
    add(said('user', 'Well?'));
    expect(told()).toEqual([['user', 'Well?']]);
  });

  it('goes on with a turn that was forgotten while somebody said it', () => {
    begin(50);
    const place = conversation.place('assistant');
    add(said('user', 'x'.repeat(200)));
    place.say('late');
    expect(told()).toEqual([['user', 'x'.repeat(200)]]);
  });
});
