import { createServer, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { RequestHandler } from 'express';
import type { Config } from '@app/shared';
import { readCertificate } from './certificate.js';
import { isLive } from './live-requests.js';

/** How often Node looks for callers who are too slow, at most, in ms. */
const CHECK_MS = 5000;

/** Express on a server that speaks TLS 1.3 if configured, and waits for nobody longer than the settings say. */
export class ServerAdapter extends ExpressAdapter {
  /** Asked for every URL without a route, before the answer is that there is nothing. */
  lastResort: RequestHandler | null = null;

  constructor(private readonly config: Config) {
    super();
    this.set('trust proxy', (address: string) => config.trustedProxies.has(address));
  }

  override setNotFoundHandler(...rest: Parameters<ExpressAdapter['setNotFoundHandler']>): void {
    if (this.lastResort) {
      this.use(this.lastResort);
    }
    super.setNotFoundHandler(...rest);
  }

  /** Nest's own server has no way to take these options. @throws ConfigError for a certificate that cannot be used */
  override initHttpServer(): void {
    const { config } = this;
    const options = optionsOf(config);
    this.httpServer = config.isTls
      ? createTlsServer(
          { ...options, ...readCertificate(config).options, handshakeTimeout: config.headersTimeoutMs },
          this.getInstance(),
        )
      : createServer(options, this.getInstance());
    // One more than allowed: Node throws away what is beyond, and the gateway wants to see that there was more.
    this.httpServer.maxHeadersCount = config.headerLimitCount + 1;
  }
}

function optionsOf(config: Config): ServerOptions {
  return {
    maxHeaderSize: config.headerLimitBytes,
    headersTimeout: config.headersTimeoutMs,
    requestTimeout: config.requestTimeoutMs,
    keepAliveTimeout: config.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(CHECK_MS, config.headersTimeoutMs),
    insecureHTTPParser: false,
    shouldUpgradeCallback: isLive,
  };
}
