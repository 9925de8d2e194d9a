import { readTranscriptionUsage } from '@app/dialects';
import type { StreamEnding } from '@app/inference';

/** `transcript.text.delta …, transcript.text.done{usage}` */
export const TRANSCRIPTION_ENDING: StreamEnding = {
  what: 'the transcription',
  type: 'transcript.text.done',
  usage: readTranscriptionUsage,
};
