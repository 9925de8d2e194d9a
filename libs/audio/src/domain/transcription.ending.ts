import { readTranscriptionUsage, type Usage, writeTranscriptionUsage } from '@app/dialects';
import type { StreamEnding } from '@app/inference';
import type { Recording } from './recording/recording.js';
import { nothingOf, usageOf } from './recording/usage.js';

/** `transcript.text.delta …, transcript.text.done{text, usage}`. @param isKept it was paid before */
export function transcriptionEnding(recording: Recording, isKept: boolean): StreamEnding {
  return {
    what: 'the transcription',
    type: 'transcript.text.done',
    usage: event => {
      const { text } = event;
      const usage =
        readTranscriptionUsage(event) ?? usageOf(recording, typeof text === 'string' ? text : undefined);
      return usage && isKept ? nothingOf(usage) : usage;
    },
    told: usage => toldOf(usage, isKept),
  };
}

function toldOf(usage: Usage | null, isKept: boolean): string | null {
  return usage && isKept ? JSON.stringify(writeTranscriptionUsage(usage, null)) : null;
}
