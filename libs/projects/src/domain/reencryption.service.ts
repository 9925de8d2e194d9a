import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@app/audit';
import { type Author, Secrets } from '@app/shared';
import { KeyHashes } from './key-hashes.js';
import type { Reencryption } from './reencryption.entity.js';
import { Resealing } from './resealing.js';

/** Frees the store of all encryption keys but the active one while calls go on; any number may run at a time. */
@Injectable()
export class ReencryptionService {
  constructor(
    private readonly resealing: Resealing,
    private readonly hashes: KeyHashes,
    private readonly secrets: Secrets,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws StoreUnavailableError; what was done until then stays done */
  async run(by: Author): Promise<Reencryption> {
    const { activeKeyId } = this.secrets;
    const keysLeft = await this.hashes.countLeft(by.at);
    const change = {
      action: 'encryption.reencrypt',
      targetId: activeKeyId,
      projectId: null,
      after: { keysLeft },
    };
    return this.audit.tell(by, change, async () => ({
      activeKeyId,
      ...(await this.resealing.run()),
      keysLeft,
    }));
  }
}
