import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@app/audit';
import { type Author, LostEncryptionKeyError, Secrets } from '@app/shared';
import type { SealedSecret } from './provider-key.entity.js';
import { KeyHashes } from './key-hashes.js';
import { ProviderKeyRepository } from './provider-key.repository.js';
import type { Reencryption } from './reencryption.entity.js';

const PAGE = 100;

type Outcome = 'current' | 'done' | 'left' | 'unreadable';

/** Moves the stored vendor keys to the active encryption key while calls go on; any number may run at a time. */
@Injectable()
export class ReencryptionService {
  constructor(
    private readonly keys: ProviderKeyRepository,
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
    return this.audit.tell(by, change, async () => ({ ...(await this.renewAll()), keysLeft }));
  }

  private async renewAll(): Promise<Omit<Reencryption, 'keysLeft'>> {
    const counts: Record<Outcome, number> = { current: 0, done: 0, left: 0, unreadable: 0 };
    const missing = new Set<string>();
    for await (const key of this.all()) {
      counts[await this.renew(key, missing)] += 1;
    }
    const { done, left, unreadable } = counts;
    return {
      activeKeyId: this.secrets.activeKeyId,
      done,
      left,
      unreadable,
      missingKeyIds: [...missing].toSorted(),
    };
  }

  private async *all(): AsyncGenerator<SealedSecret> {
    let after: string | undefined;
    do {
      const page = await this.keys.listSealed(PAGE, after);
      yield* page;
      after = page.length === PAGE ? page.at(-1)?.id : undefined;
    } while (after !== undefined);
  }

  private async renew({ id, envelope }: SealedSecret, missing: Set<string>): Promise<Outcome> {
    if (this.secrets.isCurrent(envelope)) {
      return 'current';
    }
    const secret = this.open(id, envelope, missing);
    if (secret === null) {
      return 'unreadable';
    }
    return (await this.keys.replaceEnvelope(id, envelope, this.secrets.encrypt(secret, id)))
      ? 'done'
      : 'left';
  }

  private open(id: string, envelope: string, missing: Set<string>): string | null {
    try {
      return this.secrets.decrypt(envelope, id);
    } catch (error) {
      if (error instanceof LostEncryptionKeyError) {
        missing.add(error.keyId);
      }
      return null;
    }
  }
}
