import { readTranscriptionUsage, type Usage, writeTranscriptionUsage } from '@app/dialects';
import type { StreamEnding } from '@app/inference';
import type { Recording } from './recording/recording.js';
import { nothingOf, usageOf, withSeconds } from './recording/usage.js';

interface Listening {
  readonly recording: Recording;
  /** It was paid before. */
  readonly isKept: boolean;
  /** Hears all of the text, once it is there. */
  readonly hear: (text: string) => void;
}

/** `transcript.text.delta …, transcript.text.done{text, usage}` */
export function transcriptionEnding({ hear, ...listening }: Listening): StreamEnding {
  const paid = paidFor(listening);
  return {
    what: 'the transcription',
    type: 'transcript.text.done',
    usage: event => {
      const text = typeof event['text'] === 'string' ? event['text'] : undefined;
      hear(text ?? '');
      return paid(readTranscriptionUsage(event), text);
    },
    told: usage => toldOf(usage, listening.isKept),
  };
}

/** What a stream has used. @param told by the vendor @param text absent: it counts as if all were said */
export function paidFor({ recording, isKept }: Omit<Listening, 'hear'>) {
  return (told: Usage | null, text?: string): Usage | null => {
    const usage = told ?? usageOf(recording, text);
    return usage && (isKept ? nothingOf(usage) : withSeconds(usage, recording.seconds));
  };
}

function toldOf(usage: Usage | null, isKept: boolean): string | null {
  return usage && isKept ? JSON.stringify(writeTranscriptionUsage(usage, null)) : null;
}
