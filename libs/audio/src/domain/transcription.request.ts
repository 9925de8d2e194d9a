import type { CallMeter } from '@app/analytics';
import type { StreamReader, Transcript } from '@app/dialects';
import type { CallerReply, Leg, TaskVisit } from '@app/inference';
import type { Call } from '@app/shared';
import type { Recording } from './recording/recording.js';
import type { ListeningTask, TranscriptionFields } from './transcription.fields.js';

/** An uploaded file on disk. */
export interface AudioFile {
  readonly path: string;
  readonly name: string;
  readonly mime: string;
  /** How many it has. */
  readonly bytes: number;
}

export interface TranscriptionRequest {
  readonly call: Call;
  readonly meter: CallMeter;
  readonly task: ListeningTask;
  readonly fields: TranscriptionFields;
  readonly file: AudioFile;
  readonly reply: CallerReply;
}

/** Such a request, after its file was looked at. */
export interface TranscriptionInput extends TranscriptionRequest {
  readonly recording: Recording;
  /** What the cache has to do with it; null: nothing. */
  readonly visit: TaskVisit | null;
}

/** What is sent to one vendor, and how its answer is understood. */
export interface Question extends Pick<Leg, 'path' | 'headers' | 'body' | 'losses'> {
  /** Its JSON has the very shape that the caller wants. */
  readonly passes: boolean;
  /** @throws UpstreamError where that is no transcription */
  readonly read: (json: unknown) => Transcript;
  /** Of its stream, for one answer; null: that has the very events that the caller wants. */
  readonly reader: () => StreamReader | null;
}

/** What was said, as far as the history wants to know. */
export type Heard = Pick<Transcript, 'text' | 'language' | 'seconds'>;
