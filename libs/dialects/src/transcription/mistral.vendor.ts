import { recordOr, recordsOf } from '../domain/wire.js';
import { MistralTranscriptReader } from './mistral.reader.js';
import { readSpan, readTranscription } from './openai.reader.js';
import type { Segment } from './transcript.js';
import {
  isPlain,
  OPENAI_ONLY,
  translateFields,
  type TranscriptionVendor,
  type TranscriptRequest,
  withDefaults,
} from './vendor.js';

/**
 * OpenAI's path, but no `response_format`, and segments of its own. Its stream has events of its own, too.
 * https://docs.mistral.ai/api/endpoint/audio/transcriptions
 */
export const mistralTranscription: TranscriptionVendor = {
  writeRequest({ format, fields, stream }, { model }, losses) {
    const isTimed = !isPlain({ format });
    const theirs = translateFields(
      fields,
      {
        ...OPENAI_ONLY,
        keywords: value => [['context_bias', value.trim().replaceAll(/[\s,]+/g, '_')]], // it takes words without blanks
        languages: 'Mistral takes one language or none.',
        ...(isTimed && { language: 'Mistral tells no times where it is told the language.' }), // it answers 400 to both
      },
      losses,
    );
    const form = withDefaults(theirs, [
      ...(isTimed ? [['timestamp_granularities', wantsWords(fields) ? 'word' : 'segment'] as const] : []),
      ...(format === 'diarized_json' ? [['diarize', 'true'] as const] : []),
      ...(stream && !isTimed ? [['stream', 'true'] as const] : []),
    ]);
    return { path: '/audio/transcriptions', form: [['model', model], ...form] };
  },

  readAnswer(body, { fields }, { vendor }) {
    const transcript = readTranscription(body, vendor);
    const segments = recordsOf(recordOr(body)['segments']).flatMap((piece): Segment[] => {
      const span = readSpan(piece, piece['speaker_id']);
      return span && typeof piece['text'] === 'string' ? [{ ...span, text: piece['text'] }] : [];
    });
    if (segments.length === 0) {
      return { ...transcript, segments: null };
    }
    return wantsWords(fields)
      ? {
          ...transcript,
          segments: null,
          words: segments.map(({ text, ...span }) => ({ ...span, word: text.trim() })),
        }
      : { ...transcript, segments };
  },

  streamReader: ({ vendor }) => new MistralTranscriptReader(vendor),
};

function wantsWords(fields: TranscriptRequest['fields']): boolean {
  return fields.some(([name, value]) => name.startsWith('timestamp_granularities') && value === 'word');
}
