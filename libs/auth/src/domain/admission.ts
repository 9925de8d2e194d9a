import { Injectable } from '@nestjs/common';
import { type AdminIdentity, AdminUsersService, ClientSecrets } from '@app/projects';
import {
  AdminOnlyError,
  InvalidApiKeyError,
  SessionKeyExpiredError,
  TooManyWrongKeysError,
} from './auth.errors.js';
import { type Caller, KeyAccess } from './key-access.js';
import { WrongKeys } from './wrong-keys.js';

/** Lets a key in by the project's or the admin's door, and slows down who guesses. */
@Injectable()
export class Admission {
  constructor(
    private readonly keys: KeyAccess,
    private readonly admins: AdminUsersService,
    private readonly wrongKeys: WrongKeys,
    private readonly clientSecrets: ClientSecrets,
  ) {}

  /** The caller, if its key was verified within the last second; else `admit` tells. */
  peek(presented: string): Caller | undefined {
    return this.keys.peek(presented);
  }

  /**
   * @param address where the key came from
   * @throws TooManyWrongKeysError (429), and as `KeyAccess.resolve`
   */
  async admit(presented: string, address: string): Promise<Caller> {
    await this.refuseGuess(this.keys.remembers(presented), address);
    try {
      return await this.keys.resolve(presented);
    } catch (error) {
      throw await this.count(error, address);
    }
  }

  /**
   * The caller of a realtime session, with an ephemeral key.
   *
   * @throws SessionKeyExpiredError (401), and as `admit`
   */
  async admitClientSecret(presented: string, address: string): Promise<Caller> {
    const secret = this.clientSecrets.open(presented);
    await this.refuseGuess(secret !== null, address);
    if (!secret) {
      throw await this.count(new InvalidApiKeyError('session'), address);
    }
    if (this.clientSecrets.isExpired(secret)) {
      throw new SessionKeyExpiredError();
    }
    return this.keys.resolveMaker(secret);
  }

  /**
   * @throws InvalidApiKeyError (401)
   * @throws AdminOnlyError (403) for the key of a project
   * @throws TooManyWrongKeysError (429)
   * @throws StoreUnavailableError (503)
   */
  async admitAdmin(presented: string, address: string): Promise<AdminIdentity> {
    const isKnown = this.admins.remembers(presented) || this.keys.remembers(presented);
    await this.refuseGuess(isKnown, address);
    const admin = await this.admins.identify(presented);
    if (admin) {
      return admin;
    }
    if (!presented.startsWith('pk_')) {
      throw await this.count(new InvalidApiKeyError('admin'), address);
    }
    await this.admit(presented, address);
    throw new AdminOnlyError();
  }

  /** Whoever erred too often does not learn whether the next guess is right: it is not looked up. */
  private async refuseGuess(isKnown: boolean, address: string): Promise<void> {
    const waitMs = isKnown ? 0 : await this.wrongKeys.waitOf(address);
    if (waitMs > 0) {
      throw new TooManyWrongKeysError(waitMs);
    }
  }

  private async count(error: unknown, address: string): Promise<unknown> {
    if (!(error instanceof InvalidApiKeyError)) {
      return error;
    }
    const waitMs = await this.wrongKeys.record(address);
    return waitMs > 0 ? new TooManyWrongKeysError(waitMs) : error;
  }
}
