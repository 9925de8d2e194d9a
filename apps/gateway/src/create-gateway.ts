import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type Environment, LOGGER, type Logger, NestLogger } from '@app/shared';
import { GatewayModule } from './gateway.module.js';
import { takeHotPath } from './hot-path.js';
import { serveOpenApi } from './openapi.js';

/** How long a caller may take to send its head, in ms; bodies may take longer. */
const HEADERS_TIMEOUT_MS = 60_000;

/** The whole gateway, not listening yet. `env` replaces the environment (tests). */
export async function createGateway(env?: Environment): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(GatewayModule.forRoot(env), {
    abortOnError: false,
    bodyParser: false,
    logger: false, // until ours is there: a failing start says one line, in main
  });
  app.useLogger(new NestLogger(app.get<Logger>(LOGGER)));
  app.disable('x-powered-by');
  app.disable('etag');
  serveOpenApi(app);
  takeHotPath(app);
  const server: Server = app.getHttpServer();
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = 0; // large files over slow lines are legitimate; idle sockets are cut by the time-outs above
  return app;
}
