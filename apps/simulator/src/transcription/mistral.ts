import { asText } from '../json.js';
import { checkKey } from '../openai-chat/check-request.js';
import { errorBody } from '../openai-chat/errors.js';
import { Refusal, require400 } from '../refusal.js';
import { checkModel, refuseUnknown } from '../tasks/checks.js';
import type { Accent } from './accent.js';
import { readForm } from './read-form.js';
import { segmentsOf, wordsOf } from './transcript.js';

const KNOWN = new Set(
  'model language temperature stream diarize context_bias timestamp_granularities'.split(' '),
);

/** OpenAI's path, and little else. https://docs.mistral.ai/api/endpoint/audio/transcriptions */
export const mistral: Accent = {
  vendor: 'mistral',

  async read(exchange, traffic) {
    checkKey(exchange.received.headers);
    const { fields, recording } = await readForm(exchange, traffic);
    refuseUnknown(fields, KNOWN, 422);
    if (!recording) {
      throw new Refusal(422, 'Field required: file');
    }
    require400(
      fields.timestamp_granularities === undefined || fields.language === undefined,
      'timestamp_granularities is not compatible with language, use either one or the other.',
    );
    const hint = [fields.context_bias].flat().map(asText).join(' ');
    return { model: checkModel(fields), recording, isDiarized: fields.diarize === 'true', fields, hint };
  },

  answer({ model, recording: { seconds }, isDiarized, fields }, text, fault) {
    const { timestamp_granularities: timed } = fields;
    const pieces =
      timed === 'word' ? wordsOf(text, seconds) : timed === 'segment' ? segmentsOf(text, seconds) : [];
    const audio = Math.ceil(seconds);
    return {
      model,
      text,
      language: null,
      segments: pieces.map((piece, at) => ({
        ...piece,
        type: 'transcription_segment',
        score: null,
        speaker_id: isDiarized ? `speaker_${at % 2}` : null,
      })),
      ...(!fault.noUsage && {
        usage: { prompt_audio_seconds: audio, prompt_tokens: 4, completion_tokens: 20, total_tokens: 24 },
      }),
    };
  },

  /** https://docs.mistral.ai/capabilities/audio_transcription */
  events(heard, text, fault) {
    const { fields } = heard;
    return fields.stream === 'true'
      ? {
          opening: event('transcription.language', { audio_language: 'en' }),
          delta: words => event('transcription.text.delta', { text: words }),
          done: () => event('transcription.done', this.answer(heard, text, fault)),
        }
      : null;
  },

  errorBody,
};

function event(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}
