import { recordOr, recordsOf, stringOr, textAt, type Wire } from '../domain/wire.js';
import { noTranscription, readLength, readSpan } from './openai.reader.js';
import type { Word } from './transcript.js';
import { OPENAI_ONLY, translateFields, type TranscriptionVendor, withDefaults } from './vendor.js';

/** Models before these take words with weights instead. https://developers.deepgram.com/docs/keyterm */
const TAKES_KEYTERMS = /^(nova-3|flux)/;

/**
 * The recording as it is, all else in the query. Billed by the second.
 * https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded
 */
export const deepgramTranscription: TranscriptionVendor = {
  isRaw: fields => fields.some(([name]) => name === 'encoding'), // https://developers.deepgram.com/docs/encoding

  writeRequest({ format, fields }, { model }, losses) {
    const keywords = TAKES_KEYTERMS.test(model) ? 'keyterm' : 'keywords';
    const theirs = translateFields(
      fields,
      {
        ...OPENAI_ONLY,
        keywords: value => [[keywords, value]],
        languages: value => [['detect_language', value]],
        temperature: 'Deepgram has no temperature.',
      },
      losses,
    );
    const isTold = theirs.some(([name]) => name === 'language' || name === 'detect_language');
    const query = withDefaults(theirs, [
      ['smart_format', 'true'], // with capitals and stops, as others write
      ...(isTold ? [] : [['detect_language', 'true'] as const]),
      ...(format === 'diarized_json' ? [['diarize', 'true'] as const] : []),
    ]);
    const search = new URLSearchParams({ model });
    for (const [name, value] of query) {
      search.append(name, value);
    }
    return { path: `/listen?${search.toString()}`, form: null };
  },

  readAnswer(body, _request, { vendor }) {
    const { results, metadata } = recordOr(body);
    const [channel] = recordsOf(recordOr(results)['channels']);
    const [best] = recordsOf(channel?.['alternatives']);
    if (!channel || !best || typeof best['transcript'] !== 'string') {
      throw noTranscription(vendor);
    }
    return {
      text: best['transcript'],
      language: stringOr(channel['detected_language'], null),
      ...readLength(recordOr(metadata)['duration']),
      segments: null,
      words: recordsOf(best['words']).flatMap(readWord),
    };
  },
};

function readWord(fields: Wire): Word[] {
  const word = textAt(fields, 'punctuated_word') || textAt(fields, 'word');
  const span = readSpan(fields, fields['speaker']);
  return span && word !== '' ? [{ ...span, word }] : [];
}
