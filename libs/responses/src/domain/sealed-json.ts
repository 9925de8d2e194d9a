import { Injectable } from '@nestjs/common';
import { parseExact } from '@app/dialects';
import { Secrets } from '@app/shared';
import { UnreadableRecordError } from './responses.errors.js';

/** Puts JSON into envelopes that open for their record only. */
@Injectable()
export class SealedJson {
  constructor(private readonly secrets: Secrets) {}

  /** @param json text */
  seal(json: string, recordId: string): string {
    return this.secrets.encrypt(json, recordId);
  }

  /** @throws UnreadableRecordError (500) */
  open(envelope: string, recordId: string): unknown {
    try {
      return parseExact(this.secrets.decrypt(envelope, recordId));
    } catch (error) {
      throw new UnreadableRecordError(recordId, error);
    }
  }
}
