import { type LiveActivity, type LiveEvent, type LiveSettings, Losses } from '@app/dialects';
import { GatewayError } from '@app/shared';
import { eventually } from '../../../../../test/support/eventually.js';
import { BEEP, Models, USUAL } from '../../../../../test/support/scripted-models.js';
import { Cascade } from './cascade.js';

let models: Models;
let told: LiveEvent[];
let failures: unknown[];
let isReady: boolean;
let waiting: (() => void)[];
let cascade: Cascade;

beforeEach(() => {
  models = new Models();
  told = [];
  failures = [];
  isReady = true;
  waiting = [];
  cascade = new Cascade({
    calls: models,
    caller: {
      tell: event => {
        told.push(event);
        return isReady;
      },
      onceReady: listener => void waiting.push(listener),
      fail: error => void failures.push(error),
    },
    losses: new Losses(),
    model: 'some/model',
    isStrict: false,
    mostAnswerTokens: 4096,
    transcriber: 'some/transcriber',
    speaker: { model: 'some/speaker', usualVoice: USUAL },
    most: { tokens: 10_000, bytes: 1_000_000 },
    mostSpeechBytes: 1_000_000,
  });
});
afterEach(() => cascade.close());

function settle(some: Partial<LiveSettings>, activity: LiveActivity | null = null): void {
  const settings = {
    instructions: '',
    isSpoken: true,
    tools: { list: [] },
    hearsWords: true,
    tellsWords: true,
  };
  cascade.act([{ kind: 'settle', settings: { ...settings, ...some, activity } }]);
}
const write = (text: string): void =>
  cascade.act([{ kind: 'item', item: { kind: 'message', role: 'user', parts: [{ kind: 'text', text }] } }]);
const speak = (ms = 300, loudness = 8000): void => {
  const pcm = Buffer.alloc(ms * 48);
  for (let at = 0; at < pcm.length; at += 2) {
    pcm.writeInt16LE(Math.round(loudness * Math.sin(at / 20)), at);
  }
  cascade.act([{ kind: 'sound', sound: { pcm, rate: 24_000 } }]);
};
const end = (): void => cascade.act([{ kind: 'speech', edge: 'ended' }]);
const ask = (): void => cascade.act([{ kind: 'answer' }]);
const kinds = (): string[] => told.map(event => ('edge' in event ? event.edge : event.kind));
const ends = (): string[] => told.flatMap(event => (event.kind === 'over' ? [event.end] : []));
const over = (count = 1): Promise<void> => eventually(() => expect(ends()).toHaveLength(count));
const AUTOMATIC: LiveActivity = { interrupts: true, answers: true, silenceMs: 200 };

const A_TIME = expect.any(Number) as unknown;
const heardFirst = { firstSoundMs: A_TIME, bargeInMs: null, relay: null };

describe('of an answer is told on record', () => {
  it.each([
    ['as it is made', false],
    ['whole', true],
  ])('when its first sound was heard, by the speech that makes it, which comes %s', async (_, isWhole) => {
    settle({});
    models.isWhole = isWhole;
    models.text = 'One. Two. Three.';
    write('Count.');
    ask();
    await over();
    expect(models.records).toEqual([null, heardFirst, null, null]);
  });

  it('that of the usual voice, where the speaker does not know the other one', async () => {
    settle({ voice: 'Puck' });
    write('Begin.');
    ask();
    await over();
    expect(models.records).toEqual([null, null, heardFirst]);
  });

  it('nothing when it was written', async () => {
    settle({ isSpoken: false });
    write('Begin.');
    ask();
    await over();
    expect(models.records).toEqual([null]);
  });

  it('how long it was heard when its caller breaks in, by the speech that was heard', async () => {
    settle({}, { ...AUTOMATIC, interrupts: false });
    models.mayEnd = new Promise(() => undefined);
    models.text = 'One. Two. Three.';
    write('Count.');
    ask();
    await eventually(() => expect(models.spoken).toHaveLength(2));
    speak(100, 0);
    speak();
    cascade.act([{ kind: 'break' }]);
    await over();
    await eventually(() => expect(models.records).toEqual([null, { ...heardFirst, bargeInMs: 0 }, null]));
  });

  it('no such thing when the session ends in the middle of it', async () => {
    settle({});
    models.mayEnd = new Promise(() => undefined);
    write('Begin.');
    ask();
    await eventually(() => expect(kinds()).toContain('sound'));
    await cascade.close();
    await eventually(() => expect(models.records).toEqual([null, heardFirst]));
  });
});

describe('a cascade', () => {
  it('tells words before their sound, and all of the sound, in whole samples', async () => {
    settle({});
    models.text = 'One. Two.';
    write('Count.');
    ask();
    await over();
    expect(kinds().filter(kind => kind !== 'sound')).toEqual(['ready', 'words', 'words', 'said', 'over']);
    expect(kinds().slice(0, 3)).toEqual(['ready', 'words', 'sound']);
    const sounds = told.flatMap(event => (event.kind === 'sound' ? [event.sound.pcm] : []));
    expect(Buffer.concat(sounds)).toHaveLength(2 * BEEP.length);
    expect(sounds.every(({ length }) => length % 2 === 0)).toBe(true);
  });

  it('gives no answer where nothing was said', async () => {
    settle({}, AUTOMATIC);
    models.heard = [''];
    speak(100, 0);
    speak();
    speak(500, 0);
    await eventually(() => expect(kinds()).toEqual(['ready', 'begun', 'ended', 'heard']));
    await cascade.close();
    expect(models.prompts).toEqual([]);
  });

  it('gives an answer that was asked for an end, though nothing was said', async () => {
    settle({});
    models.heard = [''];
    speak();
    end();
    ask();
    await over();
    end();
    ask();
    await over(2);
    expect(ends()).toEqual(['completed', 'completed']);
    expect(told).toContainEqual(
      expect.objectContaining({ kind: 'unheard', code: 'input_audio_buffer_commit_empty' }),
    );
    expect(models.prompts).toEqual([]);
  });

  it('has heard all that was said before it answers, in its order', async () => {
    settle({ isSpoken: false });
    models.heard = ['first', 'third'];
    speak();
    end();
    write('second');
    speak();
    end();
    ask();
    await over();
    expect(models.prompts).toEqual([
      ['first', 'second', 'third'].map(content => ({ role: 'user', content })),
    ]);
    expect(models.most).toBe(1);
  });

  it('waits until an answer is over where nobody may interrupt, and then answers what was said', async () => {
    settle({}, { ...AUTOMATIC, interrupts: false });
    const ready = Promise.withResolvers<void>();
    models.mayEnd = ready.promise;
    models.heard = ['More.'];
    write('Begin.');
    ask();
    await eventually(() => expect(kinds()).toContain('sound'));
    speak(100, 0);
    speak();
    speak(500, 0);
    await eventually(() => expect(kinds()).toContain('heard'));
    expect(models.prompts).toHaveLength(1);
    ready.resolve();
    await over(2);
    expect(ends()).toEqual(['completed', 'completed']);
    expect(models.prompts[1]?.map(({ content }) => content)).toEqual(['Begin.', 'Yes.', 'More.']);
  });

  it('speaks in the usual voice when the speaker does not know the one that was asked for, and tells so once', async () => {
    settle({ voice: 'Puck' });
    models.text = 'One. Two. Three.';
    write('Count.');
    ask();
    await over();
    expect(models.spoken).toEqual(['One.', 'Two.', 'Three.']);
    expect(told.filter(({ kind }) => kind === 'refused')).toHaveLength(1);
  });

  it('waits for a caller that reads slowly', async () => {
    settle({});
    isReady = false;
    write('Begin.');
    ask();
    await eventually(() => expect(waiting).toHaveLength(1));
    expect(kinds().filter(kind => kind === 'sound')).toHaveLength(1);
    isReady = true;
    waiting.splice(0).forEach(listener => listener());
    await over();
    expect(ends()).toEqual(['completed']);
  });

  it('breaks off an answer for another one, and forgets what was not said', async () => {
    settle({});
    models.mayEnd = new Promise(() => undefined);
    models.text = 'One. Two. Three.';
    write('Count.');
    ask();
    await eventually(() => expect(models.spoken).toHaveLength(2));
    models.mayEnd = Promise.resolve();
    write('Stop.');
    ask();
    await over(2);
    expect(ends()).toEqual(['interrupted', 'completed']);
    expect(models.prompts[1]?.map(({ content }) => content)).toEqual(['Count.', 'One. ', 'Stop.']);
  });

  it('leaves out speeches when too many wait, and tells so of each in its turn', async () => {
    settle({});
    for (let count = 0; count < 6; count++) {
      speak();
      end();
    }
    const heard = { kind: 'heard' };
    const leftOut = { kind: 'unheard', code: 'too_much_speech' };
    await eventually(() =>
      expect(told.slice(1)).toMatchObject([heard, heard, heard, heard, leftOut, leftOut]),
    );
  });

  it.each([
    ['ends when there is no money', 402, 1],
    ['fails the answer when there is too much to do', 429, 0],
  ])('%s', async (_, status, count) => {
    settle({});
    models.failure = new GatewayError('No.', { status, type: 'some_error', code: 'some_code' });
    write('Begin.');
    ask();
    await eventually(() => expect(failures.length + ends().length).toBe(1));
    expect(failures).toHaveLength(count);
  });
});
