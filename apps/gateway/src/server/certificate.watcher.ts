import { unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:https';
import type { Config, Logger } from '@app/shared';
import { readCertificate } from './certificate.js';

const POLL_MS = 1000;
/** Certificate and key are written one after the other. */
const SETTLE_MS = 250;

/**
 * Takes new certificates from their files while the gateway serves; connections that are open keep theirs. Polling
 * works for every way in which files come: renamed, by symbolic link, on network drives.
 */
export class CertificateWatcher {
  private readonly files: readonly string[];
  private settling: NodeJS.Timeout | null = null;

  constructor(
    private readonly server: Server,
    private readonly config: Config,
    private readonly logger: Logger,
  ) {
    this.files = [config.tlsCertFile, config.tlsKeyFile].filter(file => file !== undefined);
  }

  /** Until the server closes. */
  start(): void {
    for (const file of this.files) {
      watchFile(file, { interval: POLL_MS, persistent: false }, this.onChange);
    }
    this.server.once('close', () => this.stop());
  }

  private readonly onChange = (): void => {
    clearTimeout(this.settling ?? undefined);
    this.settling = setTimeout(() => this.reload(), SETTLE_MS).unref();
  };

  /** A broken pair changes nothing: the old certificate goes on serving. */
  private reload(): void {
    try {
      const { options, validTo } = readCertificate(this.config);
      this.server.setSecureContext(options);
      this.logger.info({ validTo }, 'The TLS certificate was replaced.');
    } catch (error) {
      this.logger.error({ err: error }, 'The new TLS certificate cannot be used; the old one stays.');
    }
  }

  private stop(): void {
    clearTimeout(this.settling ?? undefined);
    for (const file of this.files) {
      unwatchFile(file, this.onChange);
    }
  }
}
