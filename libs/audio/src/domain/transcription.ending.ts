import { readTranscriptionUsage } from '@app/dialects';
import type { StreamEnding } from '@app/inference';
import type { Recording } from './recording/recording.js';
import { usageOf } from './recording/usage.js';

/** `transcript.text.delta …, transcript.text.done{text, usage}` */
export function transcriptionEnding(recording: Recording): StreamEnding {
  return {
    what: 'the transcription',
    type: 'transcript.text.done',
    usage: event => {
      const { text } = event;
      return readTranscriptionUsage(event) ?? usageOf(recording, typeof text === 'string' ? text : undefined);
    },
  };
}
