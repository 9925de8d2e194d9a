import { Injectable } from '@nestjs/common';
import { type AdminIdentity, isClientSecret } from '@app/projects';
import { type AdminRequest, type Author, Clock } from '@app/shared';
import { Admission } from '../domain/admission.js';
import { CrossOriginError, SessionKeyOnlyError } from '../domain/auth.errors.js';
import { BrowserSessions } from './browser-sessions.js';
import { CallOpener } from './call-opener.js';
import { presentedKey } from './presented-key.js';
import { isOfPage, isSameOrigin } from './same-origin.js';

/** Finds out who is at the management API: by the key that a request presents, else by the session of a browser. */
@Injectable()
export class AdminDoor {
  constructor(
    private readonly admission: Admission,
    private readonly calls: CallOpener,
    private readonly sessions: BrowserSessions,
    private readonly clock: Clock,
  ) {}

  /**
   * An admin key is not taken from a URL: those end up in histories and proxy logs.
   *
   * @throws SessionKeyOnlyError (401), and as `Admission.admitAdmin` and `BrowserSessions.admit`
   */
  async admit(request: AdminRequest): Promise<Author> {
    const presented = presentedKey(request.headers);
    const identity = presented ? this.identify(request, presented) : this.sessions.admit(request);
    return this.author(request, await identity);
  }

  /**
   * Who logs in with a key.
   *
   * @throws CrossOriginError (403) for a page elsewhere that would log somebody in, and as `Admission.admitAdmin`
   */
  async admitKey(request: AdminRequest, key: string): Promise<Author> {
    if (isOfPage(request.headers) && !isSameOrigin(request.headers)) {
      throw new CrossOriginError();
    }
    return this.author(request, await this.identify(request, key));
  }

  private async identify(request: AdminRequest, key: string): Promise<AdminIdentity> {
    if (isClientSecret(key)) {
      throw new SessionKeyOnlyError();
    }
    return this.admission.admitAdmin(key, this.calls.addressOf(request));
  }

  private author(request: AdminRequest, { id, name, role, masked }: AdminIdentity): Author {
    const address = this.calls.addressOf(request);
    return { id, name, role, key: masked, address, requestId: request.id, at: this.clock.now() };
  }
}
