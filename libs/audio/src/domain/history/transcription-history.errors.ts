import { GatewayError } from '@app/shared';

/** Characters of a caller's id in an error. */
const SHOWN = 80;

/** 404: expired, deleted, of another project or another key, never kept, or never there. */
export class TranscriptionNotFoundError extends GatewayError {
  constructor(id: string) {
    super(`Transcription with id '${id.slice(0, SHOWN)}' not found.`, {
      status: 404,
      type: 'invalid_request_error',
      code: 'transcription_not_found',
      param: 'id',
    });
  }
}
