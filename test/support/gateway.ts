import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { LOGGER, type Logger } from '@app/shared';
import { createGateway } from '../../apps/gateway/src/create-gateway.js';
import { type Simulator, startSimulator } from '../../apps/simulator/src/server.js';
import { SecretScan } from './secret-scan.js';
import { removeData, storeEnvironment } from './test-store.js';

export const ADMIN_KEY = 'ak_test_0123456789abcdef0123456789abcdef';

/** A whole gateway on a free port with a store of its own, and the simulator as every vendor. */
export interface TestGateway {
  readonly url: string;
  readonly app: NestExpressApplication;
  readonly simulator: Simulator;
  readonly projectId: string;
  readonly projectKey: string;
  readonly dataDir: string;
  /** Of a request at the management API. */
  readonly adminHeaders: Readonly<Record<string, string>>;
  /** A request with the configured admin key, or another one. */
  admin<T>(
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ): Promise<{ status: number; body: T; headers: Headers }>;
  /** A request with the project's key. */
  call(path: string, init?: RequestInit): Promise<Response>;
  chat(body: unknown, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

const SWEEP_MS = 20;

type Environment = Record<string, string>;

/**
 * Owns teardown: what fails halfway is closed again, so that no socket keeps the runner alive.
 *
 * @param env settings, which may speak of the simulator that is about to serve them
 */
export async function startGateway(
  env: Environment | ((simulator: Simulator) => Environment) = {},
): Promise<TestGateway> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-'));
  const simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
  const own = typeof env === 'function' ? env(simulator) : env;
  const environment = await testEnvironment(dataDir, simulator.url, own);
  const scan = new SecretScan(environment);
  let app: NestExpressApplication | null = null;
  const stop = async (): Promise<void> => {
    // What a test left half-way would keep the server open until its time-out, also what is accepted only now.
    const sweep = setInterval(() => app?.getHttpServer().closeAllConnections(), SWEEP_MS).unref();
    await app?.close();
    clearInterval(sweep);
    await simulator.close();
    await removeData(dataDir);
    scan.check();
  };
  try {
    app = await createGateway(environment);
    scan.watchLog(app.get<Logger>(LOGGER));
    scan.watchAnswers(app.getHttpServer());
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return await withProject({ url: `http://127.0.0.1:${port}`, app, simulator, dataDir, scan, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

const ADMIN_HEADERS = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };

type Started = Pick<TestGateway, 'url' | 'app' | 'simulator' | 'dataDir' | 'stop'>;

async function withProject({
  scan,
  ...started
}: Started & { readonly scan: SecretScan }): Promise<TestGateway> {
  const admin: TestGateway['admin'] = async (method, at, body, key = ADMIN_KEY) => {
    keepVendorKey(scan, body);
    const response = await fetch(started.url + at, {
      method,
      headers: { ...ADMIN_HEADERS, authorization: `Bearer ${key}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  };
  const created = await admin<{ id: string; apiKey: string }>('POST', '/admin/projects', { name: 'test' });
  const { id: projectId, apiKey: projectKey } = created.body;
  const call: TestGateway['call'] = (at, init) =>
    fetch(started.url + at, {
      ...init,
      headers: { authorization: `Bearer ${projectKey}`, ...init?.headers },
    });
  const chat: TestGateway['chat'] = (body, init) =>
    call('/v1/chat/completions', {
      method: 'POST',
      ...init,
      headers: { 'content-type': 'application/json', ...init?.headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { ...started, projectId, projectKey, adminHeaders: ADMIN_HEADERS, admin, call, chat };
}

/** A vendor's key goes in, and never comes out. */
function keepVendorKey(scan: SecretScan, body: unknown): void {
  if (typeof body === 'object' && body !== null && 'apiKey' in body && typeof body.apiKey === 'string') {
    scan.keep(body.apiKey);
  }
}

async function testEnvironment(dataDir: string, vendors: string, env: Environment): Promise<Environment> {
  return {
    AI_GATEWAY_ENVIRONMENT: 'test',
    AI_GATEWAY_ADMIN_KEY: ADMIN_KEY,
    AI_GATEWAY_DATA_DIR: dataDir,
    ...(await storeEnvironment(dataDir)),
    AI_GATEWAY_LOG_LEVEL: 'silent',
    AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `${vendors}/v1`,
    AI_GATEWAY_PROVIDERS_OPENAI_API_KEY: 'sk-simulated-openai',
    AI_GATEWAY_PROVIDERS_ANTHROPIC_BASE_URL: vendors,
    AI_GATEWAY_PROVIDERS_ANTHROPIC_API_KEY: 'sk-ant-simulated',
    AI_GATEWAY_PROVIDERS_GOOGLE_BASE_URL: vendors,
    AI_GATEWAY_PROVIDERS_GOOGLE_API_KEY: 'AIzaSimulated',
    ...env,
  };
}
