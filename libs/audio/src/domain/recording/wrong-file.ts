import { InvalidRequestError } from '@app/shared';

/** 400: nobody can hear it. @param what was found, without a full stop */
export function wrongFile(what: string, code = 'invalid_audio'): InvalidRequestError {
  return new InvalidRequestError(
    `${what}. Send a recording, such as flac, mp3, m4a, ogg, wav or webm.`,
    'file',
    code,
  );
}
