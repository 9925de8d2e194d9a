import type { IncomingHttpHeaders } from 'node:http';
import { asText } from '../json.js';
import { Refusal } from '../refusal.js';
import { checkModel } from '../tasks/checks.js';
import type { Accent } from './accent.js';
import { readForm } from './read-form.js';
import { speakerAt, wordsOf } from './transcript.js';

/** @throws Refusal (401) */
export function checkElevenLabsKey({ 'xi-api-key': key }: IncomingHttpHeaders): void {
  if (!key || key === 'bad-key') {
    throw new Refusal(401, 'Invalid API key', { code: 'invalid_api_key' });
  }
}

/** https://elevenlabs.io/docs/api-reference/speech-to-text/convert */
export const elevenLabs: Accent = {
  vendor: 'elevenlabs',

  async read(exchange, traffic) {
    checkElevenLabsKey(exchange.received.headers);
    const { fields, recording } = await readForm(exchange, traffic);
    const model = checkModel({ model: fields.model_id });
    if (!recording) {
      throw new Refusal(400, 'Must provide either file or cloud_storage_url.', {
        code: 'invalid_parameters',
      });
    }
    const hint = [fields.keyterms].flat().map(asText).join(' ');
    return { model, recording, isDiarized: fields.diarize === 'true', fields, hint };
  },

  answer({ recording: { seconds }, isDiarized, fields }, text, fault) {
    const speaker = (at: number): object => (isDiarized ? { speaker_id: `speaker_${speakerAt(at)}` } : {});
    const words = wordsOf(text, seconds).flatMap(({ text: word, start, end }, at) => [
      ...(at === 0 ? [] : [{ text: ' ', start, end: start, type: 'spacing', ...speaker(at), logprob: 0 }]),
      { text: word, start, end, type: 'word', ...speaker(at), logprob: 0 },
    ]);
    return {
      language_code: asText(fields.language_code) || 'eng',
      language_probability: 0.98,
      text,
      words: fields.timestamps_granularity === 'none' ? [] : words,
      transcription_id: 'simulated',
      ...(!fault.noUsage && { audio_duration_secs: seconds }),
    };
  },

  errorBody: ({ message, details }) => ({
    detail: { status: details.code ?? 'invalid_request', message },
  }),
};
