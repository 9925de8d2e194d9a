import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/** Names this run of the gateway, among all that share its store: later runs of one machine sort behind it. */
@Injectable()
export class ProcessId {
  /** Two processes may start in one millisecond. At most 24 characters: digits, lower-case letters and a dash. */
  readonly id = `${Date.now()}-${randomBytes(3).toString('hex')}`;
}
