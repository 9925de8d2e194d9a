import type { IncomingHttpHeaders } from 'node:http';
import { Refusal, require400 } from '../refusal.js';
import { checkModel } from '../tasks/checks.js';
import type { Accent } from './accent.js';
import { describeRecording, HEADER_BYTES } from './recording.js';
import { speakerAt, wordsOf } from './transcript.js';

const REQUEST_ID = '00000000-0000-4000-8000-000000000000';

/** @throws Refusal (401) */
export function checkDeepgramKey({ authorization }: IncomingHttpHeaders): void {
  const key = authorization?.match(/^Token (.+)$/)?.[1];
  if (!key || key === 'bad-key') {
    throw new Refusal(401, 'Invalid credentials.', { code: 'INVALID_AUTH' });
  }
}

/** https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded */
export const deepgram: Accent = {
  vendor: 'deepgram',

  async read({ request, received, url }, traffic) {
    checkDeepgramKey(received.headers);
    const query = url.searchParams;
    const fields = Object.fromEntries(query);
    const model = checkModel(fields);
    const type = received.headers['content-type'] ?? '';
    require400(/^(audio|video)\/|^application\/octet-stream$/.test(type), 'Unsupported content type.');
    const beginning: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      if (bytes < HEADER_BYTES) {
        beginning.push(chunk);
      }
      bytes += chunk.length;
    }
    require400(bytes > 0, 'Bad Request: failed to process audio: corrupt or unsupported data', {
      code: 'Bad Request',
    });
    const recording = describeRecording('recording', bytes, Buffer.concat(beginning));
    traffic.receiveBody(received, { ...fields, file: recording }, bytes);
    const hint = [...query.getAll('keyterm'), ...query.getAll('keywords')].join(' ');
    return { model, recording, isDiarized: query.get('diarize') === 'true', fields, hint };
  },

  answer({ recording: { seconds }, isDiarized, fields }, text, fault) {
    const words = wordsOf(text, seconds).map(({ text: word, start, end }, at) => ({
      word: word.toLowerCase().replaceAll(/[.,!?]/g, ''),
      start,
      end,
      confidence: 0.99,
      ...(fields.smart_format === 'true' && { punctuated_word: word }),
      ...(isDiarized && { speaker: speakerAt(at), speaker_confidence: 0.9 }),
    }));
    return {
      metadata: {
        request_id: REQUEST_ID,
        created: new Date().toISOString(),
        channels: 1,
        ...(!fault.noUsage && { duration: seconds }),
      },
      results: {
        channels: [
          {
            ...(fields.detect_language !== undefined && { detected_language: 'en', language_confidence: 1 }),
            alternatives: [{ transcript: text, confidence: 0.99, words }],
          },
        ],
      },
    };
  },

  errorBody: ({ message, details }) => ({
    err_code: details.code ?? 'Bad Request',
    err_msg: message,
    request_id: REQUEST_ID,
  }),
};
