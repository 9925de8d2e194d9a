import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@app/audit';
import { type Author, Clock, Secrets } from '@app/shared';
import { type AdminIdentity, AdminUsersService } from './admin-users.service.js';

/** Bound into the seal: nothing else that the gateway has sealed passes for one. */
const PURPOSE = 'admin-session';
const MOST_CHARACTERS = 1024;

/** How long somebody who logged in stays so. */
export const SESSION_MS = 12 * 3_600_000;

interface Session {
  /** Keyed hash of the key that somebody logged in with. */
  readonly hash: string;
  /** Unix ms. */
  readonly expiresAt: number;
}

/**
 * Sessions of people who logged in with their admin key. All that there is to know of one is in its token, sealed: any
 * gateway with the same encryption keys opens it, and none keeps it. It ends with its key, whose hash it names.
 */
@Injectable()
export class AdminSessions {
  constructor(
    private readonly secrets: Secrets,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly admins: AdminUsersService,
  ) {}

  /** The token of a new session, of whoever has shown that the key is theirs. */
  open(by: Author, key: string): Promise<string> {
    const session: Session = { hash: this.secrets.hash(key), expiresAt: this.clock.now() + SESSION_MS };
    const after = { expiresAt: new Date(session.expiresAt).toISOString() };
    const change = { action: 'session.create', targetId: by.id, projectId: null, after };
    return this.audit.tell(by, change, async () => this.secrets.encrypt(JSON.stringify(session), PURPOSE));
  }

  /** Notes that somebody logged out; it is the browser that forgets the token. */
  async close(by: Author): Promise<void> {
    await this.audit.tell(by, { action: 'session.delete', targetId: by.id, projectId: null }, async () => {});
  }

  /**
   * Whose session that is; null when it is over, or no gateway with these encryption keys made it.
   *
   * @throws StoreUnavailableError when only the store could tell
   */
  async identify(token: string): Promise<AdminIdentity | null> {
    const session = token.length > MOST_CHARACTERS ? null : this.unseal(token);
    return session && this.clock.now() < session.expiresAt ? this.admins.identifyHash(session.hash) : null;
  }

  private unseal(token: string): Session | null {
    try {
      return JSON.parse(this.secrets.decrypt(token, PURPOSE)) as Session;
    } catch {
      return null; // forged, altered, cut, or sealed with a key that has left the ring
    }
  }
}
