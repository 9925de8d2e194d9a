import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ProviderRegistry } from '@app/providers';
import { AdminUserChanges, ProjectChanges, ProjectsService } from '@app/projects';
import {
  Config,
  ConfigError,
  DATABASE,
  type Database,
  DatabaseLockedError,
  LOGGER,
  type Logger,
  unknownVariables,
} from '@app/shared';
import { createGateway } from './create-gateway.js';
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
  const first = await firstStart(config, {
    admins: app.get(AdminUserChanges),
    projects: app.get(ProjectsService),
    changes: app.get(ProjectChanges),
  });
  const simulator = app.get(ProviderRegistry).isSimulated
    ? await SimulatorProcess.start(config.simulatorPort)
    : null;
  await listen(app, config);
  stopOnSignal(app, simulator);
  const store = app.get<Database>(DATABASE).server;
  const url = addressOf(app.getHttpServer());
  process.stdout.write(welcome({ url, store, simulatorUrl: simulator?.url ?? null, first }, config));
}

async function listen(app: NestExpressApplication, { host, port }: Config): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new ConfigError(
        'AI_GATEWAY_SERVER_PORT',
        `names port ${port}, which is taken. Choose a free one.`,
      );
    }
    throw error;
  }
}

/** The first signal drains; a second one does not wait. */
function stopOnSignal(app: NestExpressApplication, simulator: SimulatorProcess | null): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) {
      process.exit(1);
    }
    stopping = true;
    await app.get(Lifecycle).drain(app.getHttpServer());
    await app.close();
    await simulator?.stop();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
}

function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  const any = address === '0.0.0.0' || address === '::';
  const host = any ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}

main().catch((error: unknown) => {
  const known = error instanceof ConfigError || error instanceof DatabaseLockedError;
  const text =
    error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`The gateway cannot start. ${text}\n`);
  process.exit(1);
});
