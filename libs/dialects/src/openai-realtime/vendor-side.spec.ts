import type { LiveAct, LiveEvent } from '../domain/live-crossing.js';
import { Losses } from '../domain/losses.js';
import { OpenAiVendorSide } from './vendor-side.js';

const ASK: LiveAct = { kind: 'answer' };
const BREAK: LiveAct = { kind: 'break' };
const CREATE = [{ type: 'response.create' }];
const refusal = (code: string): object => ({ type: 'error', error: { code, message: 'No.' } });

let vendor: OpenAiVendorSide;
const hear = (event: object): readonly LiveEvent[] => vendor.read({ ...event }).events;
const replies = (event: object): unknown => vendor.read({ ...event }).replies;

beforeEach(() => {
  vendor = new OpenAiVendorSide({
    model: 'm',
    target: { vendor: 'openai', model: 'm', traits: {}, quirks: {} },
    tellsWholeSpeeches: false,
    sessionId: 's',
    losses: new Losses(),
    allows: () => true,
  });
});

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
    const settings = {
      instructions: '',
      tools: { list: [] },
      hearsWords: false,
      tellsWords: false,
      activity: null,
    };
    vendor.write({ kind: 'settle', settings: { ...settings, isSpoken: true } });
    expect(deltas.flatMap(hear).map(({ kind }) => kind)).toEqual(['words', 'sound']);
    vendor.write({ kind: 'settle', settings: { ...settings, isSpoken: false } });
    expect(deltas.flatMap(hear)).toEqual([{ kind: 'text', text: 'Hello' }]);
  });
});
