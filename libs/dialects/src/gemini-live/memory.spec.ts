import { MOST_KEPT_BYTES } from '../domain/live-memory.js';
import { objectAt, type Wire } from '../domain/wire.js';
import { GeminiMemory } from './memory.js';

const place = { model: 'm', isSame: true, admit: (message: Wire) => message };
const asked = (text: string, turnComplete = true): Wire => ({
  clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete },
});
const words = (text: string): Wire => ({ serverContent: { outputTranscription: { text } } });
const OVER = { serverContent: { turnComplete: true } };
const update = (newHandle: string, resumable = true): Wire => ({
  sessionResumptionUpdate: { newHandle, resumable },
});
const sound = Buffer.from('{"realtimeInput":{"audio":{"data":"AAAA","mimeType":"audio/pcm"}}}');

const result = (id: string): Wire => ({
  toolResponse: { functionResponses: [{ id, name: 'f', response: { output: 'foggy' } }] },
});
const heard = (text: string): Wire => ({ serverContent: { inputTranscription: { text } } });

let memory: GeminiMemory;
beforeEach(() => {
  memory = new GeminiMemory();
});

/** One question, and its answer. */
function turn(question: string, reply: string): void {
  memory.noteSaid(asked(question));
  memory.noteHeard(words(reply));
  memory.noteHeard(OVER);
}

describe('a session of Gemini', () => {
  it('asks for handles that its caller does not see', () => {
    expect(memory.noteSaid({ setup: { model: 'models/x' } })).toEqual({
      setup: { model: 'models/x', sessionResumption: {} },
    });
    expect(memory.noteHeard({ setupComplete: {} })).toEqual({ setupComplete: {} });
    expect(memory.noteHeard(update('h'))).toBeNull();
    expect(memory.noteHeard({ goAway: { timeLeft: '5s' } })).toBeNull();
    expect(memory.isEndOfLife()).toBe(true);
  });

  it('waits for a greeting, and for what was asked, until something of it is heard', () => {
    memory.noteSaid({ setup: { model: 'models/x' } });
    expect(memory.isAwaited).toBe(true);
    memory.noteHeard({ setupComplete: {} });
    expect(memory.isAwaited).toBe(false);
    for (const ask of [asked('one'), { realtimeInput: { activityEnd: {} } }]) {
      memory.noteSaid(ask);
      memory.noteHeard(heard('one'));
      expect(memory.isAwaited).toBe(true);
      memory.noteHeard(words('two'));
      memory.noteHeard(OVER);
      expect(memory.isAwaited).toBe(false);
    }
  });

  it('greets its caller once, whichever connection does it first', () => {
    memory.noteSaid({ setup: { model: 'models/x' } });
    memory.breakOff();
    memory.reopen(place);
    expect(memory.noteHeard({ setupComplete: {} })).toEqual({ setupComplete: {} });
    memory.reopen(place);
    expect(memory.noteHeard({ setupComplete: {} })).toBeNull();
  });

  it('passes on those that its caller asked for, and what belongs to them', () => {
    const setup = { setup: { model: 'models/x', session_resumption: { handle: 'own' } } };
    expect(memory.noteSaid(setup)).toBe(setup);
    for (const message of [update('h'), { goAway: { timeLeft: '5s' } }]) {
      expect(memory.noteHeard(message)).toBe(message);
    }
  });

  it('is to be left once its vendor says goodbye, unless something would be lost by that', () => {
    memory.noteSaid({ setup: { model: 'models/x' } });
    turn('one', 'two');
    expect(memory.isToBeLeft).toBe(false);
    memory.noteHeard({ goAway: { timeLeft: '5s' } });
    expect(memory.isToBeLeft).toBe(true);

    memory.noteSound(sound);
    memory.noteHeard(words('three'));
    memory.noteHeard(OVER);
    expect(memory.isToBeLeft).toBe(false); // nobody wrote it down
    memory.noteHeard(update('h'));
    expect(memory.isToBeLeft).toBe(true);

    memory.noteHeard({ toolCall: { functionCalls: [{ id: 'a', name: 'f' }] } });
    expect(memory.isToBeLeft).toBe(false);
    memory.noteSaid(result('a'));
    expect(memory.isToBeLeft).toBe(true);
    memory.reopen(place);
    expect(memory.isToBeLeft).toBe(false);
  });

  it('is not to be left where its caller takes it up again itself', () => {
    memory.noteSaid({ setup: { model: 'models/x', sessionResumption: {} } });
    memory.noteHeard({ goAway: { timeLeft: '5s' } });
    expect(memory.isToBeLeft).toBe(false);
  });

  it('goes on by its newest handle with what that does not stand for', () => {
    memory.noteSaid({ setup: { model: 'models/x' } });
    memory.noteHeard({ setupComplete: {} });
    turn('one', 'two');
    memory.noteSaid(asked('three'));
    memory.noteHeard(update('h1')); // of the state before that
    memory.noteHeard(update('', false));
    const { opening, rest, by } = memory.reopen(place);

    expect(by).toBe('handle');
    expect(opening).toEqual([{ setup: { model: 'models/m', sessionResumption: { handle: 'h1' } } }]);
    expect(rest).toEqual([asked('three')]);
    expect([memory.isReady, memory.noteHeard({ setupComplete: {} }), memory.isReady]).toEqual([
      false,
      null,
      true,
    ]);
  });

  it.each([
    ['at another vendor, or with another key', () => ({ ...place, isSame: false })],
    [
      'where it was not taken',
      () => {
        memory.reopen(place);
        memory.breakOff();
        return place;
      },
    ],
  ])('has no use of a handle %s', (_, where) => {
    memory.noteSaid({ setup: { model: 'models/x' } });
    turn('one', 'two');
    memory.noteHeard(update('h1'));
    const { opening, rest, by } = memory.reopen(where());

    expect({ by, opening }).toEqual({
      by: 'replay',
      opening: [{ setup: { model: 'models/m', sessionResumption: {} } }],
    });
    const turns = [
      { role: 'user', parts: [{ text: 'one' }] },
      { role: 'model', parts: [{ text: 'two' }] },
    ];
    expect(rest).toEqual([{ clientContent: { turns, turnComplete: false } }]);
  });

  it('loses its beginning when it is long', () => {
    const text = 'x'.repeat(MOST_KEPT_BYTES / 4);
    for (let sent = 0; sent < 6; sent += 1) {
      memory.noteSaid(asked(text, false));
    }
    const { lost, rest } = memory.reopen(place);
    expect(lost).toEqual(['The first 3 turns of a long conversation.']);
    expect(JSON.stringify(rest).length).toBeLessThan(MOST_KEPT_BYTES);
  });

  it('has an answer end that was heard in part, and remembers it', () => {
    memory.noteSaid(asked('one'));
    memory.noteHeard(words('tw'));
    expect(memory.breakOff()).toEqual([{ serverContent: { interrupted: true } }, OVER]);
    const { rest, asksAgain } = memory.reopen(place);

    expect(asksAgain).toBe(false);
    expect(objectAt(rest[0] as Wire, 'clientContent')).toMatchObject({
      turns: [{ role: 'user' }, { role: 'model', parts: [{ text: 'tw' }] }],
      turnComplete: false,
    });
  });

  it('asks again for the answer to what broke off another one', () => {
    memory.noteSaid(asked('one'));
    memory.noteHeard(words('tw'));
    memory.noteSaid(asked('stop'));
    memory.noteHeard({ serverContent: { interrupted: true } });
    memory.noteHeard(OVER);
    expect(memory.reopen(place).asksAgain).toBe(true);
  });
});

describe('the speech of a session of Gemini', () => {
  it('is said again while it is not answered, of which the caller is told what it does not know', () => {
    memory.noteSaid({ setup: { model: 'models/x', inputAudioTranscription: {} } });
    memory.noteSound(sound);
    memory.noteHeard(heard('Hel'));
    const { rest, lost } = memory.reopen(place);

    expect({ rest, lost }).toEqual({ rest: [sound], lost: [] });
    expect(memory.noteHeard(heard('He'))).toBeNull();
    expect(memory.noteHeard(heard('llo'))).toEqual(heard('lo'));
  });

  it('that is answered is words, or lost', () => {
    memory.noteSaid({ setup: { model: 'models/x' } });
    memory.noteSound(sound);
    memory.noteHeard(words('yes'));
    memory.noteHeard(OVER);
    expect(memory.reopen(place).lost).toEqual(['Speech without a transcript.']);
  });

  it('has edges that its caller tells', () => {
    const edge = { realtimeInput: { activityStart: {} } };
    memory.noteSaid(edge);
    memory.noteSound(sound);
    expect(memory.reopen(place).rest.map(String)).toEqual([JSON.stringify(edge), sound.toString()]);
  });
});

describe('a call of an earlier connection', () => {
  it('is answered in words', () => {
    memory.noteHeard({
      toolCall: {
        functionCalls: [
          { id: 'a', name: 'f', args: { x: 1 } },
          { id: 'b', name: 'g' },
        ],
      },
    });
    memory.reopen(place);

    expect(memory.noteSaid(result('a'))).toEqual({
      clientContent: {
        turns: [{ role: 'user', parts: [{ text: '(f has answered: {"output":"foggy"})' }] }],
        turnComplete: false,
      },
    });
    expect(memory.noteSaid(result('b'))).toMatchObject({ clientContent: { turnComplete: true } });
    const other = result('c');
    expect(memory.noteSaid(other)).toBe(other);
  });
});
