import { recordedSessions, type RecordedFrame } from '../../../test/support/recordings.js';
import type { CrossingParts } from './domain/live-crossing.js';
import type { LiveDialect } from './domain/live.js';
import { Losses } from './domain/losses.js';
import { isObject, listAt, objectAt, objectsAt, textAt, type Wire } from './domain/wire.js';
import { geminiLive } from './gemini-live/gemini-live.dialect.js';
import { openAiRealtime } from './openai-realtime/openai-realtime.dialect.js';

const parts = (): CrossingParts => ({
  model: 'm',
  target: { vendor: 'v', model: 'm', traits: {}, quirks: {} },
  sessionId: 's',
  tellsWholeSpeeches: false,
  losses: new Losses(),
  allows: () => true,
});

/** What a session said, whatever its protocol. */
interface Said {
  words: string;
  soundBytes: number;
  calls: string[];
  outputTokens: number;
}

function saidInOpenAi(events: readonly Wire[]): Said {
  const deltas = (pattern: RegExp): string[] =>
    events.filter(event => pattern.test(textAt(event, 'type'))).map(event => textAt(event, 'delta'));
  const ends = events
    .filter(({ type }) => type === 'response.done')
    .map(event => objectAt(event, 'response') ?? {});
  return {
    words: deltas(/^response\.((output_)?text|(output_)?audio_transcript)\.delta$/).join(''),
    soundBytes: lengthOf(deltas(/^response\.(output_)?audio\.delta$/)),
    calls: ends
      .flatMap(response => objectsAt(response, 'output'))
      .filter(({ type }) => type === 'function_call')
      .map(item => `${textAt(item, 'call_id')} ${textAt(item, 'name')}`),
    outputTokens: ends.reduce(
      (sum, { usage }) => sum + Number(isObject(usage) ? (usage['output_tokens'] ?? 0) : 0),
      0,
    ),
  };
}

function saidInGemini(messages: readonly Wire[]): Said {
  const contents = messages.map(message => objectAt(message, 'serverContent') ?? {});
  const spoken = contents.flatMap(content => objectsAt(objectAt(content, 'modelTurn') ?? {}, 'parts'));
  const written = contents.map(content => textAt(objectAt(content, 'outputTranscription') ?? {}, 'text'));
  const usages = messages.map(message => objectAt(message, 'usageMetadata') ?? {});
  return {
    words:
      written.join('') + spoken.map(part => (part['thought'] === true ? '' : textAt(part, 'text'))).join(''),
    soundBytes: lengthOf(spoken.map(part => textAt(objectAt(part, 'inlineData') ?? {}, 'data'))),
    calls: messages
      .flatMap(message => objectsAt(objectAt(message, 'toolCall') ?? {}, 'functionCalls'))
      .map(call => `${textAt(call, 'id')} ${textAt(call, 'name')}`),
    outputTokens: usages.reduce(
      (sum, usage) =>
        sum +
        count(usage, 'responseTokenCount') +
        count(usage, 'candidatesTokenCount') +
        count(usage, 'thoughtsTokenCount'),
      0,
    ),
  };
}

function count(usage: Wire, name: string): number {
  return Number(usage[name] ?? 0);
}

function lengthOf(pieces: readonly string[]): number {
  return pieces.reduce((sum, piece) => sum + Buffer.from(piece, 'base64').length, 0);
}

/** What comes of a recorded session for a caller, and a vendor, of another protocol. */
function crossed(frames: readonly RecordedFrame[], from: LiveDialect, to: LiveDialect) {
  const session = parts();
  const caller = from.callerSide(session);
  const toVendor = to.vendorSide(session);
  const vendor = from.vendorSide(session);
  const toCaller = to.callerSide(session);
  const sent: Wire[] = [];
  const received: Wire[] = [];
  for (const { direction, data } of frames) {
    if (direction === 'sent') {
      const { acts } = caller.read(data);
      acts.forEach(act => {
        sent.push(...toVendor.write(act));
        vendor.write(act); // it knows what was asked of it
        if (act.kind === 'settle') {
          settle(toCaller, to, data);
        }
      });
    } else {
      const { events } = vendor.read(data);
      events.forEach(event => {
        received.push(...toCaller.write(event));
        caller.write(event);
        if (event.kind === 'call') {
          const { id, name } = event.call; // the other vendor would have called it, too
          toVendor.read({ toolCall: { functionCalls: [{ id, name, args: {} }] } });
        }
      });
    }
  }
  return { sent, received };
}

/** A caller of Google's asks for the words of what is spoken, or is not told them. */
function settle(caller: ReturnType<LiveDialect['callerSide']>, { id }: LiveDialect, data: Wire): void {
  if (id === 'gemini-live' && !settled.has(caller)) {
    settled.add(caller);
    const session = objectAt(data, 'session') ?? {};
    const isText = listAt(session, 'output_modalities')[0] === 'text';
    const generationConfig = { responseModalities: [isText ? 'TEXT' : 'AUDIO'] };
    caller.read({ setup: { model: 'm', generationConfig, outputAudioTranscription: {} } });
  }
}
const settled = new WeakSet<object>();

const isGemini = (frames: readonly RecordedFrame[]): boolean =>
  frames.some(({ direction, data }) => direction === 'sent' && 'setup' in data);
/** The beta's session has other members, which no caller of today's says. */
const isOfToday = (name: string): boolean => !name.includes('voice-live');

describe.each(recordedSessions().filter(([name]) => isOfToday(name)))(
  'the recorded session %s',
  (_, frames) => {
    const gemini = isGemini(frames);
    const heard = frames.filter(({ direction }) => direction === 'received').map(({ data }) => data);

    it('says the same to a caller of the other protocol', () => {
      if (gemini) {
        const { received } = crossed(frames, geminiLive, openAiRealtime);
        expect(saidInOpenAi(received)).toEqual(saidInGemini(heard));
      } else {
        const { received } = crossed(frames, openAiRealtime, geminiLive);
        const { outputTokens, ...said } = saidInOpenAi(heard);
        expect(saidInGemini(received)).toMatchObject(said);
        expect(saidInGemini(received).outputTokens).toBeLessThanOrEqual(outputTokens || Infinity); // of the last turn to its end
      }
    });

    it('has all that its caller said told to a vendor of the other protocol', () => {
      const [from, to] = gemini ? [geminiLive, openAiRealtime] : [openAiRealtime, geminiLive];
      const { sent } = crossed(frames, from, to);
      const texts = frames
        .filter(({ direction }) => direction === 'sent')
        .flatMap(({ data }) =>
          [...JSON.stringify(data).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text),
        );
      const told = JSON.stringify(sent);
      texts.forEach(text => expect(told).toContain(text));
      expect(sent.length).toBeGreaterThan(0);
    });
  },
);
