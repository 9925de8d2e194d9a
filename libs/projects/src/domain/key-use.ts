import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Clock } from '@app/shared';
import { ApiKeyRepository } from './api-key.repository.js';

/** Between two writes for the same key. */
const WRITE_MS = 60_000;
/** Uses are collected for so long before they are written. */
const COLLECT_MS = 1000;
const REMEMBERED = 20_000;

/**
 * When each key was last used. Noting costs the hot path a look into a map; the store is told later, at most once a
 * minute for each key. While the store is down a use may go unnoted: the next one counts.
 */
@Injectable()
export class KeyUse implements BeforeApplicationShutdown {
  /** By key id, in monotonic ms. */
  private readonly notedAt = new Map<string, number>();
  /** By key id, in Unix ms. */
  private readonly pending = new Map<string, number>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly clock: Clock,
  ) {}

  /** Never throws and never waits. */
  note(keyId: string): void {
    const ticks = this.clock.ticks();
    const last = this.notedAt.get(keyId);
    if (last !== undefined && ticks - last < WRITE_MS) {
      return;
    }
    if (this.notedAt.size >= REMEMBERED) {
      this.notedAt.clear();
    }
    this.notedAt.set(keyId, ticks);
    this.pending.set(keyId, this.clock.now());
    this.timer ??= setTimeout(() => void this.flush(), COLLECT_MS).unref();
  }

  /** Resolves when what was noted is written, or the store has failed. */
  async flush(): Promise<void> {
    clearTimeout(this.timer ?? undefined);
    this.timer = null;
    const uses = [...this.pending];
    this.pending.clear();
    for (const [keyId, usedAt] of uses) {
      try {
        await this.keys.touch(keyId, usedAt);
      } catch {
        this.notedAt.delete(keyId);
      }
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }
}
