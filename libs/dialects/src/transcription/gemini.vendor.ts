import { UpstreamError } from '@app/shared';
import { readAnswer } from '../gemini/answer.reader.js';
import { FinishedReader } from '../gemini/finished.reader.js';
import { modelPath } from '../gemini/model-path.js';
import { GeminiStreamReader } from '../gemini/stream.reader.js';
import type { Losses } from '../domain/losses.js';
import { isObject, recordsOf, stringOr, textAt } from '../domain/wire.js';
import { noTranscription, readSpan } from './openai.reader.js';
import type { Segment } from './transcript.js';
import { type Field, isPlain, OPENAI_ONLY, translateFields, type TranscriptionVendor } from './vendor.js';

/** Where the recording stands in the text of the body: no JSON has it by chance. */
const RECORDING = '\u0000recording';
/** Its names for some types. */
const TYPES: Readonly<Record<string, string>> = { 'audio/x-m4a': 'audio/mp4' };
/** By so much it may go beyond the end: it likes whole seconds. */
const ROUNDED_SECONDS = 1;

/** https://ai.google.dev/gemini-api/docs/audio */
const TIMED = {
  responseMimeType: 'application/json',
  responseSchema: {
    type: 'OBJECT',
    properties: {
      language: { type: 'STRING', description: 'ISO 639-1 code of what is spoken' },
      segments: {
        type: 'ARRAY',
        items: {
          type: 'OBJECT',
          properties: {
            start: { type: 'NUMBER', description: 'seconds from the start of the recording' },
            end: { type: 'NUMBER', description: 'seconds from the start of the recording' },
            speaker: { type: 'STRING', description: 'A, B, … in the order in which they first speak' },
            text: { type: 'STRING' },
          },
          required: ['start', 'end', 'speaker', 'text'],
        },
      },
    },
    required: ['segments'],
  },
};

/** A model of Google's that is asked in words to write down what it hears, in any language or in English. Billed by tokens. */
export const geminiTranscription: TranscriptionVendor = {
  translates: true,
  thinks: true,

  writeRequest({ format, fields, mime, stream, isTranslation }, { model }, losses) {
    const isTimed = !isPlain({ format });
    if (isTimed) {
      losses.approximated('response_format', 'Gemini estimates when something was said.');
    }
    const told = new Map<string, string[]>();
    for (const [name, value] of ownFields(fields, losses)) {
      told.set(name, [...(told.get(name) ?? []), value]);
    }
    const temperature = told.get('temperature')?.[0];
    const body = {
      contents: [
        {
          role: 'user',
          parts: [
            { text: instructionsOf(isTranslation, told) },
            { inlineData: { mimeType: TYPES[mime] ?? mime, data: RECORDING } },
          ],
        },
      ],
      generationConfig: {
        ...(temperature !== undefined && { temperature: Number(temperature) }),
        ...(isTimed && TIMED),
      },
    };
    const [before = '', after = ''] = JSON.stringify(body).split(JSON.stringify(RECORDING).slice(1, -1));
    const method = stream && !isTimed ? 'streamGenerateContent?alt=sse' : 'generateContent';
    return { path: `/v1beta/${modelPath(model)}:${method}`, form: null, around: [before, after] };
  },

  readAnswer(body, { format, seconds }, target) {
    const { choices, usage } = readAnswer(body, target);
    const [choice] = choices;
    const said = (choice?.parts ?? []).map(part => (part.kind === 'text' ? part.text : '')).join('');
    if (!choice || choice.finish.reason !== 'stop') {
      throw unfinished(target.vendor, choice?.finish.native ?? null);
    }
    const nothing = { language: null, seconds: null, words: null, usage };
    if (isPlain({ format })) {
      return { ...nothing, text: said.trim(), segments: null };
    }
    const { language, segments } = parse(said, target.vendor);
    assertTimes(segments, seconds, target.vendor);
    return { ...nothing, language, segments, text: segments.map(({ text }) => text.trim()).join(' ') };
  },

  streamReader: target =>
    new FinishedReader(new GeminiStreamReader(target), why => unfinished(target.vendor, why)),
};

const same =
  (name: string) =>
  (value: string): readonly Field[] => [[name, value]];

function ownFields(fields: readonly Field[], losses: Losses): Field[] {
  const known = ['language', 'languages', 'prompt', 'keywords', 'temperature'];
  const table = { ...OPENAI_ONLY, ...Object.fromEntries(known.map(name => [name, same(name)])) };
  return translateFields(fields, table, losses).filter(([name]) => {
    const isKnown = known.includes(name);
    if (!isKnown) {
      losses.dropped(name, 'Gemini has no such field.');
    }
    return isKnown;
  });
}

function instructionsOf(isTranslation: boolean, told: ReadonlyMap<string, readonly string[]>): string {
  const languages = [...(told.get('language') ?? []), ...(told.get('languages') ?? [])];
  return [
    isTranslation
      ? 'Translate what is said in the recording into English, sentence by sentence. Answer with the translation and nothing else.'
      : 'Write down what is said in the recording, word by word, in the language that is spoken. Answer with the transcript and nothing else.',
    ...(languages.length > 0 ? [`Spoken is: ${languages.join(', ')}.`] : []),
    ...(told.has('keywords') ? [`These words may occur: ${told.get('keywords')?.join(', ')}.`] : []),
    ...(told.get('prompt') ?? []),
  ].join('\n');
}

/** No segment is left out, and its text with it. @throws UpstreamError when the model has not kept to the schema */
function parse(said: string, vendor: string): { language: string | null; segments: Segment[] } {
  let json: unknown;
  try {
    json = JSON.parse(said);
  } catch {
    throw noTranscription(vendor);
  }
  if (!isObject(json) || !Array.isArray(json['segments'])) {
    throw noTranscription(vendor);
  }
  return {
    language: stringOr(json['language'], null),
    segments: recordsOf(json['segments']).map((piece, at) => {
      const span = readSpan(piece, piece['speaker']);
      if (!span) {
        throw wrongTimes(vendor, `gives its segment ${at + 1} no times in seconds`);
      }
      return { ...span, text: textAt(piece, 'text') };
    }),
  };
}

/** A model makes times up, as it does words: whoever cuts subtitles by them must not get such. @throws UpstreamError (502) */
function assertTimes(segments: readonly Segment[], seconds: number | null, vendor: string): void {
  const last = (seconds ?? Infinity) + ROUNDED_SECONDS;
  const wrong = segments.findIndex(
    ({ start, end }, at) => start < 0 || end < start || end > last || start < (segments[at - 1]?.start ?? 0),
  );
  const { start, end } = segments[wrong] ?? {};
  if (start !== undefined) {
    const within = seconds === null ? '' : ` in a recording of ${seconds.toFixed(1)} s`;
    throw wrongTimes(
      vendor,
      `says of its segment ${wrong + 1} that it lasts from ${start} to ${end} s, which cannot be${within}`,
    );
  }
}

function wrongTimes(vendor: string, what: string): UpstreamError {
  return new UpstreamError({
    vendor,
    upstreamStatus: null,
    code: 'wrong_timestamps',
    message: `The vendor '${vendor}' ${what}. Ask for json or text, or choose a model that measures times, such as whisper-1.`,
  });
}

/** Half a transcript must not look like all of it. */
function unfinished(vendor: string, why: string | null): UpstreamError {
  return new UpstreamError({
    vendor,
    upstreamStatus: null,
    code: 'no_transcript',
    message: `The vendor '${vendor}' did not write all of it down (${why ?? 'without saying why'}). Send the recording in parts, or choose another model.`,
  });
}
