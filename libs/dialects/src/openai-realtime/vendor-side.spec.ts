import type { Quirks } from '../domain/dialect.js';
import type { LiveAct, LiveActivity, LiveEvent } from '../domain/live-crossing.js';
import { Losses } from '../domain/losses.js';
import { OpenAiVendorSide } from './vendor-side.js';

const ASK: LiveAct = { kind: 'answer' };
const BREAK: LiveAct = { kind: 'break' };
const CREATE = [{ type: 'response.create' }];
const SETTINGS = {
  instructions: '',
  tools: { list: [] },
  hearsWords: false,
  tellsWords: false,
  activity: null,
};
const refusal = (code: string): object => ({ type: 'error', error: { code, message: 'No.' } });

let vendor: OpenAiVendorSide;
const hear = (event: object): readonly LiveEvent[] => vendor.read({ ...event }).events;
const replies = (event: object): unknown => vendor.read({ ...event }).replies;

const sideFor = (quirks: Quirks): OpenAiVendorSide =>
  new OpenAiVendorSide({
    model: 'm',
    target: { vendor: 'openai', model: 'm', traits: {}, quirks },
    tellsWholeSpeeches: false,
    sessionId: 's',
    losses: new Losses(),
    allows: () => true,
  });

/** What the vendor is told first. @param activity how speech is heard; null: the caller says when it is over */
const settled = (side: OpenAiVendorSide, activity: LiveActivity | null): unknown =>
  side.write({
    kind: 'settle',
    settings: { ...SETTINGS, isSpoken: true, hearsWords: true, activity },
  })[0];

beforeEach(() => (vendor = sideFor({})));

describe("OpenAI's client", () => {
  it('asks for one answer at a time, also where the first has not begun', () => {
    expect([vendor.write(ASK), vendor.write(ASK)]).toEqual([CREATE, []]);
    expect(replies({ type: 'response.created' })).toEqual([]);
    expect(replies({ type: 'response.done', response: { id: 'r', status: 'completed' } })).toEqual(CREATE);
    expect(vendor.write(ASK)).toEqual([]);
  });

  it('breaks off an answer that has not begun', () => {
    vendor.write(ASK);
    expect(vendor.write(BREAK)).toEqual([{ type: 'response.cancel' }]);
  });

  it('asks again after it was refused an answer', () => {
    vendor.write(ASK);
    expect(hear(refusal('invalid_value'))).toMatchObject([{ kind: 'refused' }]);
    expect(vendor.write(ASK)).toEqual(CREATE);
    vendor.write(ASK);
    expect(replies(refusal('invalid_value'))).toEqual(CREATE);
  });

  it('waits for an answer that its vendor has begun by itself meanwhile', () => {
    vendor.write(ASK);
    hear(refusal('conversation_already_has_active_response'));
    expect(vendor.write(ASK)).toEqual([]);
    hear({ type: 'response.created' });
    expect(replies({ type: 'response.done', response: { id: 'r', status: 'completed' } })).toEqual(CREATE);
  });

  it('has the words of a vendor that says everything aloud, where only words are wanted', () => {
    const deltas = [
      { type: 'response.output_audio_transcript.delta', delta: 'Hello' },
      { type: 'response.output_audio.delta', delta: 'AAAA' },
    ];
    vendor.write({ kind: 'settle', settings: { ...SETTINGS, isSpoken: true } });
    expect(deltas.flatMap(hear).map(({ kind }) => kind)).toEqual(['words', 'sound']);
    vendor.write({ kind: 'settle', settings: { ...SETTINGS, isSpoken: false } });
    expect(deltas.flatMap(hear)).toEqual([{ kind: 'text', text: 'Hello' }]);
  });

  it('settles where xAI looks for it when a speech is over, and by whom it is written down', () => {
    const xai = sideFor({ sessions: { transcriber: 'grok-transcribe', detectionBesideAudio: true } });
    const activity = { interrupts: true, answers: true };
    const detection = { type: 'server_vad', create_response: true, interrupt_response: true };
    const format = { type: 'audio/pcm', rate: 24_000 };

    expect(settled(vendor, activity)).toMatchObject({
      session: {
        audio: {
          input: {
            format,
            turn_detection: detection,
            transcription: { model: 'gpt-4o-mini-transcribe' },
          },
        },
      },
    });
    expect(settled(xai, activity)).toMatchObject({
      session: {
        turn_detection: detection,
        audio: { input: { format, transcription: { model: 'grok-transcribe' } } },
      },
    });
    expect(settled(xai, activity)).not.toHaveProperty('session.audio.input.turn_detection');
    expect(settled(xai, null)).toMatchObject({ session: { turn_detection: { type: null } } });
  });
});
