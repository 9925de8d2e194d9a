import { recordOr, recordsOf, stringOr, textAt, type Wire } from '../domain/wire.js';
import { noTranscription, readLength, readSpan } from './openai.reader.js';
import type { Word } from './transcript.js';
import { OPENAI_ONLY, translateFields, type TranscriptionVendor, withDefaults } from './vendor.js';

/** A form of its own. Billed by the second. https://elevenlabs.io/docs/api-reference/speech-to-text/convert */
export const elevenLabsTranscription: TranscriptionVendor = {
  isRaw: fields => fields.some(([name, value]) => name === 'file_format' && value !== 'other'),

  writeRequest({ format, fields }, { model }, losses) {
    const theirs = translateFields(
      fields,
      {
        ...OPENAI_ONLY,
        keywords: value => [['keyterms', value]],
        language: value => [['language_code', value]],
        languages: 'ElevenLabs takes one language or none.',
      },
      losses,
    );
    const form = withDefaults(theirs, [
      ['timestamps_granularity', 'word'],
      ['tag_audio_events', 'false'], // others write what was said, and not who laughed
      ...(format === 'diarized_json' ? [['diarize', 'true'] as const] : []),
    ]);
    return { path: '/speech-to-text', form: [['model_id', model], ...form] };
  },

  readAnswer(body, _request, { vendor }) {
    const fields = recordOr(body);
    const { text } = fields;
    if (typeof text !== 'string') {
      throw noTranscription(vendor);
    }
    return {
      text,
      language: stringOr(fields['language_code'], null),
      ...readLength(fields['audio_duration_secs']),
      segments: null,
      words: readWords(recordsOf(fields['words'])),
    };
  },
};

/** What stands between words is told like a word. */
function readWords(tokens: readonly Wire[]): Word[] {
  const words: Word[] = [];
  for (const token of tokens) {
    const text = textAt(token, 'text');
    const last = words.at(-1);
    if (token['type'] === 'spacing') {
      words.splice(-1, 1, ...(last ? [{ ...last, gap: text }] : []));
      continue;
    }
    const span = readSpan(token, token['speaker_id']);
    if (span && text !== '') {
      words.push({ ...span, word: text, gap: '' });
    }
  }
  return words;
}
