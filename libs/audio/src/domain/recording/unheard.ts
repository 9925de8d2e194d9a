import type { Route } from '@app/routing';
import { InvalidRequestError } from '@app/shared';
import type { TranscriptionFields } from '../transcription.fields.js';
import type { Recording } from './recording.js';

/** 400: samples without a container are for the vendors alone whose word for them the caller has used; null when they are not meant. */
export function unheard(
  { mime }: Recording,
  { others }: Pick<TranscriptionFields, 'others'>,
  { vendor, target }: Pick<Route, 'vendor' | 'target'>,
): InvalidRequestError | null {
  const isMeant = mime !== null || vendor.tasks?.transcription?.isRaw?.(others) === true;
  return isMeant
    ? null
    : new InvalidRequestError(
        `'${vendor.id}/${target.model}' takes no samples without a container in these words. Send a WAV, without 'encoding' and 'file_format', or choose a vendor that takes them: Deepgram with 'encoding', ElevenLabs with 'file_format'.`,
        'file',
        'invalid_audio',
      );
}
