import { beginsLike, type LiveDialect, type LiveNames, type LiveNews } from '../domain/live.js';
import { meantUsage } from '../domain/usage.js';
import { isObject, objectAt, objectsAt, textAt, type Wire } from '../domain/wire.js';
import { readUsage } from '../gemini/usage.js';
import { decodedBytes } from '../sound/base64.js';
import { GeminiCallerSide } from './caller-side.js';
import { withNewHandle, withSetupHandle } from './handles.js';
import { GeminiMemory } from './memory.js';
import { GeminiVendorSide } from './vendor-side.js';

const PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
/** One follows another: they need no names. */
const ANSWER = '';
const PREFIX = 'models/';
/** Any of them can be written with backslashes, too. */
const WORTH_READING = ['"setup"', 'turn', 'activity', '\\'];
/** Of callers alone: beside the vendor's there may be its usage. */
const SOUND = /^\{\s*"realtime_?[iI]nput"\s*:\s*\{\s*"(?:audio|media_?[cC]hunks|video)"/;

const RATE = /rate=(\d{4,6})/;
const HEARD_RATE = 16_000;
const SPOKEN_RATE = 24_000;
const BYTES_PER_SAMPLE = 2;
/** What stands before or behind the sound of a frame, of about so many bytes in all. */
const AROUND_SOUND_BYTES = 80;

/** The Live API of Gemini. Its model is said in the first message. */
export const geminiLive: LiveDialect = {
  id: 'gemini-live',
  isBinary: true,
  isGreeted: false,
  path: () => PATH,
  isOnlySound: frame => beginsLike(frame, SOUND),
  tokensPerSecond: { heard: 25, spoken: 25 }, // https://ai.google.dev/gemini-api/docs/live
  heardSeconds,
  isWorthReading: frame => WORTH_READING.some(words => frame.includes(words)),
  readVendor,
  failureIn: () => null, // it has closes with a reason
  admit,
  show: (message, names) => withNewHandle(message, handle => names.shown(handle)),
  asksForAnswer: message => {
    const content = contentOf(message);
    return (
      content?.['turnComplete'] === true ||
      content?.['turn_complete'] === true ||
      'activityEnd' in inputOf(message)
    );
  },
  endsSpeech: () => false, // what it writes down is billed with its answers
  speaksUp: message => contentOf(message) !== undefined || 'activityStart' in inputOf(message),
  cancel: null,
  callerSide: parts => new GeminiCallerSide(parts),
  vendorSide: parts => new GeminiVendorSide(parts),
  memory: () => new GeminiMemory(),
  writeResumed: resumed => ({ xLlmhub: { resumed } }),
  writeError: () => null, // it has closes with a reason
  writeEnd: ({ code, message }) =>
    JSON.stringify({ goAway: { timeLeft: '0s' }, xLlmhub: { error: { code, message } } }),
};

/** The model of a first message; empty when it names none. */
export function modelOfSetup(message: Wire): string {
  const model = textAt(objectAt(message, 'setup') ?? {}, 'model');
  return model.startsWith(PREFIX) ? model.slice(PREFIX.length) : model;
}

function admit(message: Wire, names: LiveNames): Wire {
  const setup = objectAt(message, 'setup');
  if (!setup) {
    return message;
  }
  const model = PREFIX + names.own(modelOfSetup(message));
  return { ...message, setup: { ...withSetupHandle(setup, handle => names.handle(handle)), model } };
}

function readVendor(message: Wire): readonly LiveNews[] {
  const news: LiveNews[] = [];
  const content = objectAt(message, 'serverContent') ?? {};
  const meta = objectAt(message, 'usageMetadata');
  const usage = meta ? meantUsage(readUsage(meta, { any: false, tokens: 0 })) : null;
  if (isAnswering(message, content)) {
    news.push(said(content));
  }
  if (content['interrupted'] === true) {
    news.push({ kind: 'interrupted', answer: ANSWER });
  }
  if (content['turnComplete'] === true) {
    news.push({ kind: 'over', answer: ANSWER, usage, end: 'completed', code: null });
  } else if (usage) {
    news.push({ kind: 'spent', answer: ANSWER, usage });
  }
  return news;
}

function isAnswering(message: Wire, content: Wire): boolean {
  const { modelTurn, outputTranscription } = content;
  return isObject(modelTurn)
    ? objectsAt(modelTurn, 'parts').length > 0
    : isObject(outputTranscription) || isObject(message['toolCall']);
}

function said(content: Wire): LiveNews {
  const parts = objectsAt(objectAt(content, 'modelTurn') ?? {}, 'parts');
  const sounds = parts
    .map(part => objectAt(part, 'inlineData') ?? {})
    .filter(blob => textAt(blob, 'mimeType').startsWith('audio/'));
  const [first] = sounds;
  if (first) {
    const bytes = decodedBytes(sounds.reduce((sum, blob) => sum + textAt(blob, 'data').length, 0));
    return {
      kind: 'sounded',
      answer: ANSWER,
      bytes,
      bytesPerSecond: rateIn(textAt(first, 'mimeType'), SPOKEN_RATE),
    };
  }
  const words = [...parts, objectAt(content, 'outputTranscription') ?? {}].map(part => textAt(part, 'text'));
  return { kind: 'told', answer: ANSWER, characters: words.join('').length };
}

/** Pictures are none. */
function heardSeconds(frame: Buffer): number {
  const around =
    frame.subarray(0, AROUND_SOUND_BYTES).toString('latin1') +
    frame.subarray(-AROUND_SOUND_BYTES).toString('latin1');
  return around.includes('image/')
    ? 0
    : decodedBytes(frame.length - AROUND_SOUND_BYTES) / rateIn(around, HEARD_RATE);
}

/** In bytes of a second. @param usual in samples of a second */
function rateIn(text: string, usual: number): number {
  return Number(RATE.exec(text)?.[1] ?? usual) * BYTES_PER_SAMPLE;
}

function inputOf(message: Wire): Wire {
  return objectAt(message, 'realtimeInput') ?? objectAt(message, 'realtime_input') ?? {};
}

function contentOf(message: Wire): Wire | undefined {
  return objectAt(message, 'clientContent') ?? objectAt(message, 'client_content');
}
