import 'reflect-metadata';
import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ProviderRegistry } from '@app/providers';
import { AdminUserChanges, EncryptionCheck, ProjectChanges, ProjectsService } from '@app/projects';
import {
  Config,
  ConfigError,
  DATABASE,
  type Database,
  DatabaseLockedError,
  isOpenToOthers,
  LOGGER,
  type Logger,
  Metrics,
  unknownVariables,
} from '@app/shared';
import { createGateway } from './create-gateway.js';
import { failureText } from './failure-text.js';
import { firstStart } from './first-start.js';
import { Lifecycle } from './lifecycle.js';
import { SimulatorProcess } from './simulator.process.js';
import { welcome } from './welcome.js';

async function main(): Promise<void> {
  const app = await createGateway();
  const config = app.get(Config);
  const logger = app.get<Logger>(LOGGER);
  // oxlint-disable-next-line node/no-process-env -- names only, to find typing errors
  for (const name of unknownVariables(process.env)) {
    logger.warn(`${name} is not a setting of this gateway; see .env.example.`);
  }
  if (existsSync(config.dataDir) && isOpenToOthers(config.dataDir)) {
    logger.warn('The data folder is open to other users of this machine: chmod 700 it.');
  }
  await app.get(EncryptionCheck).assertOwnStore();
  const first = await firstStart(config, {
    admins: app.get(AdminUserChanges),
    projects: app.get(ProjectsService),
    changes: app.get(ProjectChanges),
  });
  const simulator = app.get(ProviderRegistry).isSimulated
    ? await SimulatorProcess.start(config.simulatorPort)
    : null;
  app.get(Metrics).watchProcess();
  await listen(app, config);
  stopOnSignal(app, simulator);
  const store = app.get<Database>(DATABASE).server;
  const url = addressOf(app.getHttpServer(), config);
  process.stdout.write(welcome({ url, store, simulatorUrl: simulator?.url ?? null, first }, config));
}

async function listen(app: NestExpressApplication, { host, port }: Config): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    throw explainListen(error as NodeJS.ErrnoException, { host, port });
  }
}

function explainListen(
  error: NodeJS.ErrnoException,
  { host, port }: Pick<Config, 'host' | 'port'>,
): NodeJS.ErrnoException {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigError(
        'AI_GATEWAY_SERVER_PORT',
        `names port ${port}, which is taken. Choose a free one.`,
      );
    case 'EACCES':
      return new ConfigError(
        'AI_GATEWAY_SERVER_PORT',
        `names port ${port}, which needs more rights. Choose one above 1023.`,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EADDRNOTAVAIL':
      return new ConfigError(
        'AI_GATEWAY_SERVER_HOST',
        `names '${host}', which is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all.`,
      );
    default:
      return error;
  }
}

/** The first signal drains; the second does not wait for open answers, but keeps their records; the third ends it. */
function stopOnSignal(app: NestExpressApplication, simulator: SimulatorProcess | null): void {
  const lifecycle = app.get(Lifecycle);
  let signals = 0;
  const stop = async (): Promise<void> => {
    signals += 1;
    if (signals === 2) {
      lifecycle.hurry();
    } else if (signals > 2) {
      process.exit(1);
    }
    if (signals > 1) {
      return;
    }
    await lifecycle.drain(app.getHttpServer());
    await app.close();
    await simulator?.stop();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
}

function addressOf(server: Server, { isTls }: Config): string {
  const { address, family, port } = server.address() as AddressInfo;
  const any = address === '0.0.0.0' || address === '::';
  const host = any ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `${isTls ? 'https' : 'http'}://${host}:${port}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`The gateway cannot start. ${failureText(error, DatabaseLockedError)}\n`);
  process.exit(1);
});
