import { ProjectStamp, type Secrets } from '@app/shared';
import { ForeignHandleError } from './realtime.errors.js';

/**
 * The handles with which callers of one project take sessions up again. All projects may share a vendor's key, to which the vendor's own
 * handles are bound; stamped, what one project was given is worth nothing in another's hands.
 */
export class SessionHandles {
  private readonly stamp: ProjectStamp;

  constructor(secrets: Secrets, projectId: string) {
    this.stamp = new ProjectStamp(secrets, `${projectId}/live`); // the project's signatures are no handles
  }

  /** A vendor's handle as the caller is to keep it. */
  shown(handle: string): string {
    return this.stamp.stamp(handle);
  }

  /** The vendor's handle. @throws ForeignHandleError (400) */
  own(shown: string): string {
    const handle = this.stamp.read(shown);
    if (handle === null) {
      throw new ForeignHandleError();
    }
    return handle;
  }
}
