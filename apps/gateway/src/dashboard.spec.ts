import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ErrorFilter } from '@app/inference';
import { LOGGER } from '@app/shared';
import { pino } from 'pino';
import { serveDashboard } from './dashboard.js';

@Module({ providers: [ErrorFilter, { provide: LOGGER, useValue: pino({ level: 'silent' }) }] })
class BareModule {}

describe('the dashboard', () => {
  let root: string;
  let folder: string;
  let app: NestExpressApplication;
  let url: string;

  beforeAll(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'dashboard-'));
    folder = path.join(root, 'built');
    app = await NestFactory.create<NestExpressApplication>(BareModule, { logger: false });
    serveDashboard(app, folder);
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await app?.close();
    rmSync(root, { recursive: true, force: true });
  });
  beforeEach(() => {
    mkdirSync(path.join(folder, 'assets'), { recursive: true });
    writeFileSync(path.join(folder, 'index.html'), '<title>it</title>');
    writeFileSync(path.join(folder, 'assets', 'index-abc.js'), 'void 0;');
  });

  const get = (at: string, init?: RequestInit): Promise<Response> =>
    fetch(url + at, { redirect: 'manual', ...init });

  it('is a page at every address of its own, and asked for anew each time', async () => {
    for (const at of ['/dashboard/', '/dashboard/calls', '/dashboard/calls/01936f5a?x=y']) {
      const response = await get(at);

      expect([at, response.status, await response.text()]).toEqual([at, 200, '<title>it</title>']);
      expect(response.headers.get('content-type')).toContain('text/html');
      expect(response.headers.get('cache-control')).toBe('no-cache');
    }
    expect((await get('/dashboard')).headers.get('location')).toBe('/dashboard/');
  });

  it('may load nothing from elsewhere, and runs nothing that stands in the page', async () => {
    for (const at of ['/dashboard/', '/dashboard/calls', '/dashboard/assets/index-abc.js']) {
      const policy = (await get(at)).headers.get('content-security-policy');

      expect(policy).toBe(
        "default-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none';object-src 'none'",
      );
    }
  });

  it('may hear who talks in the playground, and use nothing else that a device has', async () => {
    const permissions = (await get('/dashboard/')).headers.get('permissions-policy');

    expect(permissions).toBe('microphone=(self), camera=(), geolocation=()');
  });

  it('has files that are kept, since their names change with them', async () => {
    const response = await get('/dashboard/assets/index-abc.js');

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it('shows no other files, and takes no changes', async () => {
    writeFileSync(path.join(root, 'neighbour'), 'private words');
    const answers = await Promise.all([
      get('/dashboard/assets/gone.js'),
      get('/dashboard/', { method: 'POST' }),
      get('/dashboard/..%2fneighbour'),
      get('/dashboard/assets/..%2f..%2fneighbour'),
    ]);

    expect(answers.slice(0, 2).map(({ status }) => status)).toEqual([404, 404]);
    for (const answer of answers) {
      await expect(answer.text()).resolves.not.toContain('private words');
    }
  });

  it('says so where it was not built', async () => {
    rmSync(folder, { recursive: true });
    for (const at of ['/dashboard/', '/dashboard/calls']) {
      const response = await get(at);

      expect(response.status).toBe(404);
      await expect(response.json()).resolves.toMatchObject({
        error: { code: 'dashboard_not_built', message: expect.stringContaining('npm run build') },
      });
    }
  });
});
