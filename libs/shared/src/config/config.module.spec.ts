import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Test } from '@nestjs/testing';
import { Config } from './config.js';
import { GatewayConfigModule } from './config.module.js';
import type { Environment } from './config.reader.js';

const PORT = 'AI_GATEWAY_SERVER_PORT';
const HOST = 'AI_GATEWAY_SERVER_HOST';
const LEVEL = 'AI_GATEWAY_LOG_LEVEL';
const NAME = 'AI_GATEWAY_ENVIRONMENT';

describe('the layers of the configuration', () => {
  const before = { cwd: process.cwd(), env: { ...process.env } };
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'config-'));
    process.chdir(folder);
  });

  afterEach(() => {
    process.chdir(before.cwd);
    for (const name of [PORT, HOST, LEVEL, NAME]) {
      delete process.env[name];
    }
    Object.assign(process.env, before.env);
    rmSync(folder, { recursive: true });
  });

  it('lets .env.{ENVIRONMENT} win over .env, and the environment over both', async () => {
    writeFileSync('.env', `${NAME}=staging\n${PORT}=1001\n${HOST}=base\n${LEVEL}=error\n`);
    writeFileSync('.env.staging', `${PORT}=1002\n${HOST}=staging\n`);
    writeFileSync('.env.development', `${PORT}=9999\n`);
    process.env[PORT] = '1003';

    await expect(read()).resolves.toMatchObject({
      environment: 'staging',
      port: 1003,
      host: 'staging',
      logLevel: 'error',
    });
  });

  it('picks the file by the name in the environment before the one in .env', async () => {
    writeFileSync('.env', `${NAME}=staging\n`);
    writeFileSync('.env.staging', `${PORT}=1002\n`);
    writeFileSync('.env.canary', `${PORT}=1004\n`);
    process.env[NAME] = 'canary';

    await expect(read()).resolves.toMatchObject({ environment: 'canary', port: 1004 });
  });

  it('reads nothing else when a test gives the environment', async () => {
    writeFileSync('.env', `${PORT}=1001\n`);
    process.env[HOST] = 'elsewhere';

    await expect(read({ [LEVEL]: 'silent' })).resolves.toMatchObject({
      port: 3001,
      host: '127.0.0.1',
      logLevel: 'silent',
    });
  });
});

async function read(env?: Environment): Promise<Config> {
  const module = await Test.createTestingModule({ imports: [GatewayConfigModule.forRoot(env)] }).compile();
  return module.get(Config);
}
