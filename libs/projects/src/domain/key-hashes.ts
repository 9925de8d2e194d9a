import { Injectable } from '@nestjs/common';
import { Secrets } from '@app/shared';
import { AdminKeyRepository } from './admin-key.repository.js';
import { ApiKeyRepository } from './api-key.repository.js';

/** On which encryption key the hashes of all API and admin keys hang. */
@Injectable()
export class KeyHashes {
  constructor(
    private readonly apiKeys: ApiKeyRepository,
    private readonly users: AdminKeyRepository,
    private readonly secrets: Secrets,
  ) {}

  /** Keys that work at a moment, in Unix ms, but would not without the older encryption keys. */
  async countLeft(now: number): Promise<number> {
    const { fingerprint } = this.secrets;
    return (
      (await this.apiKeys.countOfOthers(fingerprint, now)) + (await this.users.countOfOthers(fingerprint))
    );
  }

  /** Notes that the active key made all hashes from before that was noted: there never was another one. */
  async claim(): Promise<void> {
    const { fingerprint } = this.secrets;
    await this.apiKeys.claimHashes(fingerprint);
    await this.users.claimHashes(fingerprint);
  }
}
