import type { Server as TlsServer } from 'node:https';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Config, type Environment, GatewayConfigModule, LOGGER, type Logger, NestLogger } from '@app/shared';
import { serveDashboard } from './dashboard.js';
import { GatewayModule } from './gateway.module.js';
import { Lifecycle } from './lifecycle.js';
import { takeHotPath } from './hot-path.js';
import { takeIdempotentCalls } from './idempotent-calls.js';
import { takeLivePaths } from './live-paths.js';
import { serveOpenApi } from './openapi.js';
import { setBrowserRules } from './server/browser-rules.js';
import { CertificateWatcher } from './server/certificate.watcher.js';
import { limitHeads } from './server/head-rules.js';
import { ServerAdapter } from './server/server.adapter.js';
import { hurryShortRequests } from './server/short-requests.js';
import { takeVendorPaths } from './vendor-paths.js';

const OPTIONS = {
  abortOnError: false,
  bodyParser: false,
  logger: false, // until ours is there: a failing start says one line, in main
} as const;

/** The whole gateway, not listening yet. `env` replaces the environment (tests). */
export async function createGateway(env?: Environment): Promise<NestExpressApplication> {
  const config = await readSettings(env);
  const adapter = new ServerAdapter(config);
  const app = await NestFactory.create<NestExpressApplication>(GatewayModule.forRoot(env), adapter, OPTIONS);
  const logger = app.get<Logger>(LOGGER);
  app.useLogger(new NestLogger(logger));
  app.disable('x-powered-by');
  app.disable('etag');
  setBrowserRules(app, config);
  takeIdempotentCalls(app);
  serveOpenApi(app);
  serveDashboard(app);
  hurryShortRequests(app, config);
  takeHotPath(app);
  takeVendorPaths(app, adapter);
  takeLivePaths(app);
  limitHeads(app, config);
  app.get(Lifecycle).watch(app.getHttpServer());
  if (config.isTls) {
    new CertificateWatcher(app.getHttpServer() as TlsServer, config, logger).start();
  }
  return app;
}

/** The server needs them before there is an application. */
async function readSettings(env?: Environment): Promise<Config> {
  const context = await NestFactory.createApplicationContext(GatewayConfigModule.forRoot(env), OPTIONS);
  return context.get(Config);
}
