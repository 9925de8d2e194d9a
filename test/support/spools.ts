import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger, type Logger, ProcessId } from '@app/shared';
import { FileUsageSpool } from '../../libs/analytics/src/infrastructure/spool/file.usage-spool.js';

interface SpoolOptions {
  readonly logger?: Logger;
  /** Of all that waits, in bytes. */
  readonly limit?: number;
  readonly durability?: string;
}

/** Spools in one folder of their own, as of gateways that share a data folder. */
export class TestSpools {
  readonly root = mkdtempSync(path.join(tmpdir(), 'spool-'));
  private readonly opened: FileUsageSpool[] = [];

  open({
    logger = createLogger('silent'),
    limit = 1e9,
    durability = 'process',
  }: SpoolOptions = {}): FileUsageSpool {
    const spool = new FileUsageSpool(this.root, logger, {
      limit,
      durability,
      process: new ProcessId().id,
    });
    this.opened.push(spool);
    return spool;
  }

  /** As the next process finds it when the ones before were killed: their locks are gone, their files are not. */
  openKilled(options?: SpoolOptions): FileUsageSpool {
    this.opened.splice(0).forEach(spool => spool.onApplicationShutdown());
    return this.open(options);
  }

  /** Paths below the folder, of all that holds calls. */
  files(): string[] {
    return readdirSync(this.root, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && !/^lock|\.run$/.test(entry.name))
      .map(entry => path.join(entry.parentPath, entry.name))
      .toSorted();
  }

  remove(): void {
    this.opened.forEach(spool => spool.onApplicationShutdown());
    rmSync(this.root, { recursive: true });
  }
}
