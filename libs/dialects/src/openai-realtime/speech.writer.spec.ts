import { SpeechWriter } from './speech.writer.js';
import type { Told } from './told.js';

const WANTED = { isWanted: true, isAutomatic: false };
const AUTOMATIC = { isWanted: true, isAutomatic: true };
const COMPLETED = 'conversation.item.input_audio_transcription.completed';
const FAILED = 'conversation.item.input_audio_transcription.failed';

let speech: SpeechWriter;
let told: Told[];

const tell = (...events: readonly Told[]): void => void told.push(...events);
const heard = (text: string, isWhole?: boolean, how = WANTED): void =>
  tell(...speech.heard({ kind: 'heard', text, ...(isWhole !== undefined && { isWhole }) }, how));
const speak = (ms = 100): void => speech.noteSound(ms);
const commit = (ms?: number): void => {
  speak(ms);
  tell(...speech.commit());
};
const items = (): unknown[] =>
  told.filter(({ type }) => type === 'input_audio_buffer.committed').map(({ item_id }) => item_id);
const of = (type: string): Told[] => told.filter(event => event.type === type);
const words = (): unknown[] => of(COMPLETED).map(({ item_id, transcript }) => [item_id, transcript]);

beforeEach(() => (told = []));

describe('speeches of which each is told as a whole', () => {
  beforeEach(() => (speech = new SpeechWriter(true)));

  it('have their own words, however quickly they follow each other', () => {
    commit();
    commit();
    heard('one', true);
    heard('two', true);

    const [first, second] = items();
    expect(first).not.toBe(second);
    expect(words()).toEqual([
      [first, 'one'],
      [second, 'two'],
    ]);
  });

  it('are told of though nothing was understood, or nobody knows what', () => {
    commit();
    commit();
    commit();
    heard('', true);
    tell(...speech.unheard({ kind: 'unheard', message: 'No.', code: 'c' }, true));
    heard('three', true);

    const [first, second, third] = items();
    expect(words()).toEqual([
      [first, ''],
      [third, 'three'],
    ]);
    expect(of(FAILED)).toMatchObject([{ item_id: second, error: { message: 'No.', code: 'c' } }]);
  });

  it('keep their words while the next one goes on, whatever is answered', () => {
    speak();
    tell(...speech.begun(0), ...speech.ended(100));
    speak();
    tell(...speech.begun(150), ...speech.answered());
    heard('one', true, AUTOMATIC);
    tell(...speech.ended(200));
    heard('two', true, AUTOMATIC);

    const [first, second] = items();
    expect(words()).toEqual([
      [first, 'one'],
      [second, 'two'],
    ]);
  });

  it('have words before their caller says that they are over', () => {
    speak();
    heard('one ', false);
    commit();
    heard('two', true);

    expect(words()).toEqual([[items()[0], 'one two']]);
    expect(of(COMPLETED)).toMatchObject([{ usage: { type: 'duration', seconds: 0.2 } }]);
    expect(told.map(({ type }) => type)).not.toContain('input_audio_buffer.speech_started');
  });

  it('are not mixed up by one whose words nobody wanted', () => {
    commit();
    heard('secret', true, { isWanted: false, isAutomatic: false });
    commit();
    heard('two', true);
    expect(words()).toEqual([[items()[1], 'two']]);
  });
});

describe('speeches whose words come in pieces', () => {
  beforeEach(() => (speech = new SpeechWriter(false)));

  it('are items of their own: the first has the words, until all is answered', () => {
    commit();
    commit();
    heard('one ');
    heard('two');
    tell(...speech.answered());

    const [first, second] = items();
    expect(first).not.toBe(second);
    expect(words()).toEqual([
      [first, 'one two'],
      [second, ''],
    ]);
    tell(...speech.answered());
    expect(words()).toHaveLength(2);
  });

  it('are over with the words that came before the next one', () => {
    commit();
    heard('one');
    commit();
    heard('two');
    tell(...speech.answered());

    const [first, second] = items();
    expect(words()).toEqual([
      [first, 'one'],
      [second, 'two'],
    ]);
  });

  it('begin with their first words, where the vendor finds out when somebody speaks', () => {
    speak();
    heard('one', undefined, AUTOMATIC);
    tell(...speech.ended());
    tell(...speech.answered());

    expect(of('input_audio_buffer.speech_started')).toHaveLength(1);
    expect(words()).toEqual([[items()[0], 'one']]);
  });
});

it('ends a speech under way where its caller says so, in the same item', () => {
  speech = new SpeechWriter(true);
  speak(300);
  tell(...speech.begun(100));
  commit();
  expect(of('input_audio_buffer.speech_started')).toMatchObject([
    { item_id: items()[0], audio_start_ms: 100 },
  ]);
});

it('has nothing to commit without sound', () => {
  speech = new SpeechWriter(true);
  expect(() => speech.commit()).toThrow('no sound');
  commit();
  expect(() => speech.commit()).toThrow('no sound');
});
