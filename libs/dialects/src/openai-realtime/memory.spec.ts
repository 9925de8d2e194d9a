import { MOST_KEPT_BYTES } from '../domain/live-memory.js';
import { objectAt, objectsAt, textAt, type Wire } from '../domain/wire.js';
import { OpenAiMemory } from './memory.js';

const place = { model: 'm', isSame: true, admit: (message: Wire) => message };
const user = (text: string, id?: string): Wire => ({
  ...(id !== undefined && { id }),
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});
const added = (item: Wire, after: string | null = null): Wire => ({
  type: 'conversation.item.added',
  previous_item_id: after,
  item,
});
const append = (audio: string): Buffer =>
  Buffer.from(JSON.stringify({ type: 'input_audio_buffer.append', audio }));

let memory: OpenAiMemory;
beforeEach(() => {
  memory = new OpenAiMemory();
});

/** What a new connection is told, without the names of its events. */
function told(): Wire[] {
  return memory.reopen(place).rest.map(said => {
    const { event_id: _id, ...event } = Buffer.isBuffer(said) ? (JSON.parse(said.toString()) as Wire) : said;
    return event;
  });
}
/** What its caller is told. */
const ends = (isCrossed: boolean) =>
  memory
    .breakOff(isCrossed)
    .map(event => [event['type'], textAt(objectAt(event, 'response') ?? {}, 'status')]);

const itemsTold = (): (Wire | undefined)[] =>
  told()
    .filter(({ type }) => type === 'conversation.item.create')
    .map(event => objectAt(event, 'item'));

/** An answer with these words, and that many bytes of sound. */
function answered(id: string, words: string, bytes = 0): void {
  const at = { response_id: `r-${id}`, item_id: id };
  memory.noteHeard({ type: 'response.created', response: { id: `r-${id}`, conversation_id: 'c' } });
  const item = { id, type: 'message', role: 'assistant', content: [] };
  memory.noteHeard({ type: 'response.output_item.added', response_id: `r-${id}`, item });
  memory.noteHeard({ type: 'response.output_audio_transcript.delta', ...at, delta: words });
  memory.noteSpoken(bytes);
  memory.noteHeard({ type: 'response.done', response: { id: `r-${id}` } });
}

describe('an answer of a session of OpenAI', () => {
  const created = { type: 'response.created', response: { id: 'r' } };
  const ask = { type: 'response.create' };

  it('is waited for until something of it is heard', () => {
    memory.noteSaid(ask);
    memory.noteHeard(created);
    expect(memory.isAwaited).toBe(true);
    memory.noteHeard({ type: 'response.output_text.delta', response_id: 'r', item_id: 'i', delta: 'a' });
    expect(memory.isAwaited).toBe(false);
    memory.noteSaid(ask);
    expect(memory.isAwaited).toBe(false); // another one is being heard
    memory.noteHeard({ type: 'response.done', response: { id: 'r' } });
    expect(memory.isAwaited).toBe(true);
    memory.noteHeard({ type: 'error', error: { param: 'response.conversation' } });
    expect(memory.isAwaited).toBe(false);
  });

  it.each([
    [{}, true],
    [{ turn_detection: { type: 'server_vad', create_response: false } }, false],
    [{ type: 'transcription' }, false],
  ])('is waited for after a speech, where it was settled %j: %s', (session, isAwaited) => {
    memory.noteSaid({ type: 'session.update', session });
    memory.noteHeard({ type: 'input_audio_buffer.committed', item_id: 'a' });
    expect(memory.isAwaited).toBe(isAwaited);
  });
});

describe('what was said in a session of OpenAI', () => {
  it('is settled in one message, in which the last word counts', () => {
    const input = { transcription: { model: 'w' }, format: { type: 'audio/pcmu' } };
    memory.noteSaid({ type: 'session.update', session: { model: 'x', instructions: 'a', audio: { input } } });
    const turns = { input: { transcription: null }, output: { voice: 'marin' } };
    memory.noteSaid({ type: 'session.update', session: { instructions: 'b', audio: turns } });

    expect(told()).toEqual([
      {
        type: 'session.update',
        session: {
          instructions: 'b',
          audio: {
            input: { transcription: null, format: { type: 'audio/pcmu' } },
            output: { voice: 'marin' },
          },
        },
      },
    ]);
  });

  it('is in its order, with the ids that its vendor gave', () => {
    memory.noteSaid({ type: 'conversation.item.create', item: user('one') });
    memory.noteHeard(added(user('one', 'i1')));
    answered('i2', 'two');
    memory.noteHeard(added(user('first', 'i0'), 'root'));
    memory.noteHeard(added(user('between', 'i1b'), 'i1'));

    expect(itemsTold()).toMatchObject([
      { id: 'i0' },
      { id: 'i1' },
      { id: 'i1b' },
      { id: 'i2', content: [{ type: 'output_text', text: 'two' }] },
    ]);
  });

  it('holds what was deleted no more, and of what was cut short as much as was heard', () => {
    memory.noteHeard(added(user('one', 'i1')));
    answered('i2', 'a word, and another', 64 * 1000);
    memory.noteSaid({ type: 'conversation.item.delete', item_id: 'i1' });
    memory.noteHeard({ type: 'conversation.item.truncated', item_id: 'i2', audio_end_ms: 300 });

    expect(itemsTold()).toMatchObject([{ id: 'i2', content: [{ text: 'a word' }] }]);
  });

  it('loses its beginning when it is long, which is told once', () => {
    const text = 'x'.repeat(MOST_KEPT_BYTES / 4);
    for (let item = 0; item < 6; item += 1) {
      memory.noteHeard(added(user(text, `i${item}`), `i${item - 1}`));
    }
    const { lost, rest } = memory.reopen(place);

    expect(lost).toEqual(['The first 3 items of a long conversation.']);
    expect(JSON.stringify(rest).length).toBeLessThan(MOST_KEPT_BYTES);
    expect(memory.reopen(place).lost).toEqual([]);
  });

  it('has no result without its call', () => {
    const result = { type: 'function_call_output', id: 'o', call_id: 'gone', output: 'x' };
    memory.noteHeard(added(result));
    expect(itemsTold()).toEqual([]);
    expect(memory.reopen(place).lost).toHaveLength(1);
  });

  it('hides what only the replay makes the vendor say', () => {
    memory.noteSaid({ type: 'session.update', session: { instructions: 'a' } });
    memory.noteHeard({ type: 'session.updated' });
    memory.noteHeard(added(user('one', 'i1')));
    memory.noteSaid({ type: 'conversation.item.create', item: user('late') });
    memory.reopen(place);

    expect(memory.isReady).toBe(false);
    const hidden = [{ type: 'session.created' }, { type: 'session.updated' }, added(user('one', 'i1'))];
    expect(hidden.map(event => memory.noteHeard(event))).toEqual([null, null, null]);
    expect(memory.isReady).toBe(true);
    const news = [added(user('late', 'i9')), { type: 'session.updated' }];
    expect(news.map(event => memory.noteHeard(event))).toEqual(news);
  });

  it('tells what of it a new vendor refuses', () => {
    memory.noteHeard(added(user('one', 'i1')));
    const [create] = memory.reopen(place).rest as Wire[];
    const error = { code: null, message: 'No.', event_id: create?.['event_id'] };
    expect(memory.noteHeard({ type: 'error', error })).toMatchObject({
      type: 'x_llmhub.warnings',
      warnings: [{ detail: 'No.' }],
    });
  });
});

describe('the sound of a session of OpenAI', () => {
  const speech = { type: 'input_audio_buffer.committed', item_id: 's1', previous_item_id: null };

  it('is an item, and asked for an answer, when its vendor heard it and has not answered', () => {
    memory.noteSound(append('AAAA'));
    memory.noteSound(append('BBBB'));
    memory.noteHeard(speech);
    memory.noteSound(append('CCCC'));

    const content = [{ type: 'input_audio', audio: 'AAAABBBB' }];
    expect(told()).toEqual([
      { type: 'conversation.item.create', item: { id: 's1', type: 'message', role: 'user', content } },
      { type: 'input_audio_buffer.append', audio: 'CCCC' },
      { type: 'response.create' },
    ]);
  });

  it('is words as soon as somebody wrote them down, and lost when it is answered without', () => {
    memory.noteSound(append('AAAA'));
    memory.noteHeard(speech);
    const type = 'conversation.item.input_audio_transcription.completed';
    memory.noteHeard({ type, item_id: 's1', transcript: 'hello' });
    memory.noteSound(append('BBBB'));
    memory.noteHeard({ ...speech, item_id: 's2', previous_item_id: 's1' });
    answered('i3', 'yes');
    const { rest, lost } = memory.reopen(place);

    expect(rest).toMatchObject([
      { item: { id: 's1', content: [{ type: 'input_text', text: 'hello' }] } },
      { item: { id: 'i3' } },
    ]);
    expect(lost).toEqual([expect.stringContaining('1 items that nobody knows in words')]);
  });

  it('that the caller has ended itself is ended again', () => {
    memory.noteSound(append('AAAA'));
    memory.noteSaid({ type: 'input_audio_buffer.commit' });
    memory.noteSaid({ type: 'response.create' });
    expect(told().map(({ type }) => type)).toEqual([
      'input_audio_buffer.append',
      'input_audio_buffer.commit',
      'response.create',
    ]);
  });

  it('is bounded, and what is lost of a speech is told', () => {
    memory.noteHeard({ type: 'input_audio_buffer.speech_started' });
    const frame = append('A'.repeat(60_000));
    for (let sent = 0; sent < 20; sent += 1) {
      memory.noteSound(frame);
    }
    const { rest, lost } = memory.reopen(place);
    expect(rest).toHaveLength(8);
    expect(lost).toEqual(['The beginning of what is being said.']);
  });
});

describe('an answer of a lost vendor', () => {
  const created = { type: 'response.created', response: { id: 'r', conversation_id: 'c' } };
  const ask = { type: 'response.create', response: { instructions: 'x' } };
  it.each([
    [false, [['response.done', 'failed']]],
    [true, []],
  ])('of which nothing was heard is asked for as before (crossed: %p)', (isCrossed, ended) => {
    memory.noteSaid(ask);
    memory.noteHeard(created);
    expect(ends(isCrossed)).toEqual(ended);
    expect(told()).toEqual([ask]);
  });

  it('that nobody wants any more is not', () => {
    memory.noteSaid(ask);
    memory.noteHeard(created);
    memory.noteSaid({ type: 'response.cancel' });
    expect(ends(false)).toEqual([['response.done', 'incomplete']]);
    expect(told()).toEqual([]);
  });

  it('keeps a call that was whole, and none that was not', () => {
    memory.noteHeard(created);
    for (const id of ['whole', 'begun']) {
      const item = { id, type: 'function_call', call_id: id, name: 'f', arguments: '' };
      memory.noteHeard({ type: 'response.output_item.added', response_id: 'r', item });
    }
    const type = 'response.function_call_arguments.done';
    memory.noteHeard({ type, response_id: 'r', item_id: 'whole', arguments: '{}' });
    const done = memory.breakOff(false).at(-1) ?? {};

    expect(objectsAt(objectAt(done, 'response') ?? {}, 'output').map(({ status }) => status)).toEqual([
      'completed',
      'incomplete',
    ]);
    expect(itemsTold()).toMatchObject([{ call_id: 'whole', arguments: '{}' }]);
  });
});

describe('a caller that fills the memory', () => {
  const MIB = 'x'.repeat(1024 * 1024);

  it.each([
    [
      'with settings that add up',
      (n: number) => ({ type: 'session.update', session: { [`member${n}`]: MIB } }),
    ],
    [
      'with items that its vendor does not take',
      () => ({ type: 'conversation.item.create', item: user(MIB) }),
    ],
  ])('%s is not remembered any more, which a new connection would need', (_, event) => {
    for (let n = 0; n < 3; n += 1) {
      memory.noteSaid(event(n));
    }
    expect(() => memory.reopen(place)).not.toThrow();
    for (let n = 3; n < 6; n += 1) {
      memory.noteSaid(event(n));
    }
    expect(() => memory.reopen(place)).toThrow('More was said of the session than the gateway keeps');
  });

  it('with items that its vendor takes is remembered as far as there is room', () => {
    for (let n = 0; n < 6; n += 1) {
      memory.noteSaid({ type: 'conversation.item.create', item: user(MIB) });
      memory.noteHeard(added(user(MIB, `i${n}`)));
    }
    expect(itemsTold()).toHaveLength(1);
  });
});
