import type { CrossingParts, LiveAct } from '../domain/live-crossing.js';
import { Losses } from '../domain/losses.js';
import type { Wire } from '../domain/wire.js';
import { GeminiVendorSide } from './vendor-side.js';

const message = (text: string): LiveAct => ({
  kind: 'item',
  item: { kind: 'message', role: 'user', parts: [{ kind: 'text', text }] },
});
const ask: LiveAct = { kind: 'answer' };
const said = (data: object): Wire => ({ serverContent: data });

let parts: CrossingParts;
let vendor: GeminiVendorSide;

beforeEach(() => {
  const target = { vendor: 'google', model: 'm', traits: {}, quirks: {} };
  parts = {
    model: 'm',
    target,
    tellsWholeSpeeches: false,
    sessionId: 's',
    losses: new Losses(),
    allows: () => true,
  };
  vendor = new GeminiVendorSide(parts);
});

const write = (...acts: LiveAct[]): unknown[] => acts.flatMap(act => vendor.write(act));
const content = (text: string, turnComplete: boolean): object => ({
  clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete },
});

const result = (callId: string): LiveAct => ({
  kind: 'item',
  item: { kind: 'result', callId, output: callId },
});

const call = (id: string): object => ({ id, name: `f${id}`, args: {} });

const settle = (instructions: string): LiveAct => ({
  kind: 'settle',
  settings: {
    instructions,
    isSpoken: true,
    tools: { list: [] },
    hearsWords: false,
    tellsWords: true,
    activity: null,
  },
});

describe("Google's client", () => {
  it('is as before when it is told what Google cannot be told', () => {
    const big = 'x'.repeat(5_000_000);
    expect(() => write(message(big))).toThrow('Too much waits');
    write(message('a'));
    expect(() => write(settle('b'), ask)).not.toThrow();
  });

  it.each([[{ ids: 'abc' }], [{ ids: 5 }], [{}], [5]])('reads %j as a cancellation of nothing', wrong => {
    expect(vendor.read({ toolCallCancellation: wrong }).events).toEqual([]);
  });

  it('sets up before anything else, and once', () => {
    expect(write(message('a'))).toMatchObject([{ setup: { model: 'models/m' } }]);
    expect(write(ask)).toEqual([content('a', true)]);
  });

  it('does not break off an answer by what is written meanwhile, and asks when it is over', () => {
    write(message('a'), ask);
    vendor.read(said({ outputTranscription: { text: 'so' } }));
    expect(write(message('b'), ask)).toEqual([]);
    expect(vendor.read(said({ turnComplete: true })).replies).toEqual([content('b', true)]);
  });

  it('says what was written before a speech, but nothing while results are waited for', () => {
    const sound: LiveAct = { kind: 'sound', sound: { pcm: Buffer.alloc(2), rate: 16_000 } };
    write(message('a'));
    expect(write(sound)).toMatchObject([content('a', false), { realtimeInput: {} }]);
    vendor.read({ toolCall: { functionCalls: [{ id: 'c', name: 'f', args: {} }] } });
    write(message('b'));
    expect(write(sound)).toMatchObject([{ realtimeInput: {} }]);
  });

  it('gives results when an answer is asked for, and the rest of them as they come', () => {
    vendor.read({ toolCall: { functionCalls: [call('1'), call('2')] } });
    write(message('beside it'), result('1'));
    expect(write(ask)).toMatchObject([
      { toolResponse: { functionResponses: [{ id: '1', name: 'f1', response: { output: '1' } }] } },
    ]);
    expect(write(result('2'))).toMatchObject([{ toolResponse: { functionResponses: [{ id: '2' }] } }]);
    expect(() => write(result('2'))).toThrow("'2'");
  });

  it('takes no results of calls that were withdrawn', () => {
    vendor.read({ toolCall: { functionCalls: [{ id: 'c', name: 'f', args: {} }] } });
    expect(vendor.read({ toolCallCancellation: { ids: ['c'] } }).events).toEqual([
      { kind: 'withdrawn', ids: ['c'] },
    ]);
    expect(() => write({ kind: 'item', item: { kind: 'result', callId: 'c', output: '' } })).toThrow("'c'");
  });

  it('says calls of an earlier conversation, and their results, in words', () => {
    write(
      { kind: 'item', item: { kind: 'call', id: 'c', name: 'f', arguments: '{}' } },
      { kind: 'item', item: { kind: 'result', callId: 'c', output: 'x' } },
    );
    expect(JSON.stringify(write(ask))).toContain('(called f with {})');
  });

  it.each(['audio/pcm;rate=0', 'audio/pcm;rate=999999', 'audio/ogg'])(
    'passes no sound on that is %s',
    mimeType => {
      const parts_ = [{ inlineData: { mimeType, data: 'AAAA' } }];
      expect(vendor.read(said({ modelTurn: { parts: parts_ } })).events).toEqual([]);
      expect(parts.losses.list).toMatchObject([{ field: 'modelTurn.inlineData', action: 'dropped' }]);
    },
  );

  it('holds so much, and no more', () => {
    expect(() => {
      for (let count = 0; count < 300; count += 1) {
        write(message('x'));
      }
    }).toThrow(/Too much waits/);
  });

  it('tells what cannot be settled any more', () => {
    write(settle('a'), message('hi'), settle('a'));
    expect(parts.losses.list).toEqual([]);
    write(settle('b'));
    expect(parts.losses.list).toMatchObject([{ field: 'session (instructions)' }]);
  });
});
