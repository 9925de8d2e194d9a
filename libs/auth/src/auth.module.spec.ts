import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Global,
  type INestApplication,
  Module,
  Req,
} from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { ProjectContents } from '@app/projects';
import { Access, callOf, GatewayError, type ProjectRequest, SharedModule, validationPipe } from '@app/shared';
import { AuthModule } from './auth.module.js';

const ADMIN = 'ak_configured-by-the-operator-of-this';

@Controller()
class WhoController {
  @Access('project')
  @Get('who')
  who(@Req() request: ProjectRequest): Record<string, unknown> {
    const { projectId, strict } = callOf(request);
    return { projectId, strict };
  }
}

/** Stands in for the gateway's, which knows the dialects. */
@Catch(GatewayError)
class PlainErrorFilter implements ExceptionFilter<GatewayError> {
  catch({ status, type, code, param, message }: GatewayError, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<ServerResponse>();
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ type, code, param, message }));
  }
}

/** Projects hold nothing here. */
@Global()
@Module({
  providers: [{ provide: ProjectContents, useValue: { sealed: [] } }],
  exports: [ProjectContents],
})
class NoContentsModule {}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly requestId: string | null;
}

describe('projects and keys over HTTP', () => {
  let app: INestApplication;
  let dataDir: string;
  let url: string;

  beforeAll(async () => {
    dataDir = mkdtempSync(`${tmpdir()}/auth-`);
    const module = await Test.createTestingModule({
      imports: [
        SharedModule.forRoot({
          AI_GATEWAY_DATA_DIR: dataDir,
          AI_GATEWAY_DATABASE_URL: 'sqlite::memory:',
          AI_GATEWAY_ADMIN_KEY: ADMIN,
          AI_GATEWAY_LOG_LEVEL: 'silent',
        }),
        AuthModule,
        NoContentsModule,
      ],
      controllers: [WhoController],
      providers: [{ provide: APP_PIPE, useFactory: validationPipe }],
    }).compile();
    app = module.createNestApplication({ logger: false });
    app.useGlobalFilters(new PlainErrorFilter());
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await app?.close();
    rmSync(dataDir, { recursive: true });
  });

  it('takes a project from its creation to its suspension', async () => {
    const created = await admin('POST', '/admin/projects', { name: 'demo', strict: true });
    expect(created).toMatchObject({
      status: 201,
      body: { name: 'demo', strict: true, annotate: true, fileLimitBytes: null, status: 'active' },
    });
    const { id, apiKey } = created.body;
    const at = `/admin/projects/${String(id)}`;

    await expect(who(apiKey)).resolves.toMatchObject({ status: 200, body: { projectId: id, strict: true } });

    await expect(admin('PATCH', at, { name: 'renamed', fileLimitBytes: 5 })).resolves.toMatchObject({
      status: 200,
      body: { id, name: 'renamed', fileLimitBytes: 5, strict: true },
    });
    await expect(admin('PATCH', at, { fileLimitBytes: null })).resolves.toMatchObject({
      body: { name: 'renamed', fileLimitBytes: null },
    });
    const shown = await admin('GET', at);
    expect(shown.status).toBe(200);
    expect(Object.keys(shown.body).toSorted().join(' ')).toBe(
      'allowedVendors annotate bodyLimitBytes cache cacheKeeps cacheScope cacheTtlSeconds concurrentCalls createdAt defaultChatModel ' +
        'defaultTranscriptionModel deletesAt fileLimitBytes id name promptPasses requestsPerMinute retentionDecisionDays ' +
        'retentionResponseDays retentionUsageDays semanticCache semanticCacheModel semanticCacheNever semanticCacheThreshold ' +
        'status strict tokensPerMinute transcriptionCache transcriptionHistoryDays transcriptionHistoryText version',
    );

    await expect(admin('POST', `${at}/suspend`)).resolves.toMatchObject({
      status: 200,
      body: { status: 'suspended' },
    });
    await expect(admin('POST', `${at}/activate`)).resolves.toMatchObject({
      status: 200,
      body: { status: 'active' },
    });
  });

  it('refuses a suspended project with 403, whose key it has not seen', async () => {
    const { body } = await admin('POST', '/admin/projects', { name: 'demo' });
    await admin('POST', `/admin/projects/${String(body['id'])}/suspend`);

    await expect(who(body['apiKey'])).resolves.toMatchObject({
      status: 403,
      body: { type: 'permission_error', code: 'project_suspended' },
    });
  });

  it('issues, lists and revokes API keys', async () => {
    const { body: project } = await admin('POST', '/admin/projects', { name: 'demo' });
    const at = `/admin/projects/${String(project['id'])}/api-keys`;
    const issued = await admin('POST', at, { name: 'laptop', expiresAt: '2999-01-01T00:00:00Z' });

    expect(issued).toMatchObject({
      status: 201,
      body: { key: expect.stringMatching(/^pk_/), expiresAt: '2999-01-01T00:00:00.000Z' },
    });
    const list = await admin('GET', at);
    expect(list.body['data']).toHaveLength(2);
    expect(list.body['next']).toBeNull();
    expect(JSON.stringify(list.body)).not.toContain(String(issued.body['key']));

    await expect(admin('DELETE', `${at}/${String(issued.body['id'])}`)).resolves.toMatchObject({
      status: 204,
    });
    await expect(who(issued.body['key'])).resolves.toMatchObject({
      status: 401,
      body: { type: 'authentication_error', code: 'invalid_api_key' },
    });
  });

  it('takes vendor keys and never gives them out', async () => {
    const { body: project } = await admin('POST', '/admin/projects', { name: 'demo' });
    const at = `/admin/projects/${String(project['id'])}/provider-keys`;
    const secret = 'sk-live-0123456789abcdef';
    const created = await admin('POST', at, { provider: 'openai', name: 'ours', apiKey: secret });
    const list = await admin('GET', at);

    expect(created).toMatchObject({ status: 201, body: { provider: 'openai', masked: '…cdef' } });
    expect(list.body).toEqual({ data: [created.body], next: null });
    expect(JSON.stringify([created, list])).not.toContain('0123456789');
    await expect(admin('DELETE', `${at}/${String(created.body['id'])}`)).resolves.toMatchObject({
      status: 204,
    });
    await expect(admin('DELETE', `${at}/${String(created.body['id'])}`)).resolves.toMatchObject({
      status: 404,
    });
  });

  it('pages through projects', async () => {
    await admin('POST', '/admin/projects', { name: 'one' });
    await admin('POST', '/admin/projects', { name: 'two' });
    const first = await admin('GET', '/admin/projects?limit=1');
    const second = await admin('GET', `/admin/projects?limit=1&after=${String(first.body['next'])}`);

    expect(first.body['data']).toHaveLength(1);
    expect(second.body['data']).toHaveLength(1);
    expect(second.body['data']).not.toEqual(first.body['data']);
  });

  it.each([
    ['POST', '', {}, 'name'],
    ['POST', '', undefined, 'name'],
    ['POST', '', { name: '' }, 'name'],
    ['POST', '', { name: '   ' }, 'name'],
    ['POST', '', { name: 'two\nlines' }, 'name'],
    ['POST', '', { name: 'x'.repeat(81) }, 'name'],
    ['POST', '', { name: 7 }, 'name'],
    ['POST', '', { name: 'x', status: 'suspended' }, 'status'],
    ['POST', '', { name: 'x', strict: 'yes' }, 'strict'],
    ['POST', '', { name: 'x', strict: null }, 'strict'],
    ['POST', '', { name: 'x', fileLimitBytes: 0 }, 'fileLimitBytes'],
    ['POST', '', { name: 'x', fileLimitBytes: 1.5 }, 'fileLimitBytes'],
    ['PATCH', '/any', { name: null }, 'name'],
    ['PATCH', '/any', { annotate: null }, 'annotate'],
    ['PATCH', '/any', { createdAt: '2026-01-01' }, 'createdAt'],
    ['POST', '/any/api-keys', {}, 'name'],
    ['POST', '/any/api-keys', { name: 'x', expiresAt: 'tomorrow' }, 'expiresAt'],
    ['POST', '/any/api-keys', { name: 'x', expiresAt: '2999-01-01T00:00:00' }, 'expiresAt'],
    ['POST', '/any/provider-keys', { provider: 'OpenAI', name: 'x', apiKey: 'sk-1' }, 'provider'],
    ['POST', '/any/provider-keys', { provider: '../x', name: 'x', apiKey: 'sk-1' }, 'provider'],
    ['POST', '/any/provider-keys', { provider: 'openai', name: 'x', apiKey: 'sk-1\n' }, 'apiKey'],
    ['POST', '/any/provider-keys', { provider: 'openai', name: 'x' }, 'apiKey'],
    ['GET', '?limit=0', undefined, 'limit'],
    ['GET', '?limit=101', undefined, 'limit'],
    ['GET', '?offset=5', undefined, 'offset'],
  ])('answers 400 to %s admin/projects%s %j and names %s', async (method, at, body, field) => {
    const answer = await admin(method, `/admin/projects${at}`, body);

    expect(answer).toMatchObject({ status: 400, body: { type: 'invalid_request_error', param: field } });
    expect(answer.body['message']).toContain(field);
  });

  it('answers 404 to ids that are not there', async () => {
    const unknown = '/admin/projects/nobody';
    const key = { name: 'x' };
    const providerKey = { provider: 'openai', name: 'x', apiKey: 'sk-1' };

    for (const answer of await Promise.all([
      admin('GET', unknown),
      admin('PATCH', unknown, { name: 'x' }),
      admin('POST', `${unknown}/suspend`),
      admin('POST', `${unknown}/activate`),
      admin('GET', `${unknown}/api-keys`),
      admin('POST', `${unknown}/api-keys`, key),
      admin('DELETE', `${unknown}/api-keys/nothing`),
      admin('GET', `${unknown}/provider-keys`),
      admin('POST', `${unknown}/provider-keys`, providerKey),
      admin('DELETE', `${unknown}/provider-keys/nothing`),
    ])) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });

  it('tells keys apart by the door they open', async () => {
    const { body } = await admin('POST', '/admin/projects', { name: 'demo' });

    await expect(request('GET', '/admin/projects', '')).resolves.toMatchObject({ status: 401 });
    await expect(request('GET', '/admin/projects', `${ADMIN}x`)).resolves.toMatchObject({ status: 401 });
    await expect(request('GET', '/admin/projects', String(body['apiKey']))).resolves.toMatchObject({
      status: 403,
      body: { code: 'admin_key_required' },
    });
    await expect(who(ADMIN)).resolves.toMatchObject({ status: 401 });
    await expect(who('')).resolves.toMatchObject({ status: 401, body: { code: 'missing_api_key' } });
  });

  it('gives every request an id', async () => {
    const answers = await Promise.all([admin('GET', '/admin/projects'), admin('GET', '/admin/projects')]);
    const ids = answers.map(({ requestId }) => requestId);

    expect(ids).toEqual([expect.stringMatching(/-7/), expect.stringMatching(/-7/)]);
    expect(new Set(ids).size).toBe(2);
  });

  function admin(method: string, at: string, body?: unknown): Promise<Answer> {
    return request(method, at, ADMIN, body);
  }

  function who(key: unknown): Promise<Answer> {
    return request('GET', '/who', String(key));
  }

  async function request(method: string, at: string, key: string, body?: unknown): Promise<Answer> {
    const response = await fetch(url + at, {
      method,
      headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? {} : JSON.parse(text),
      requestId: response.headers.get('x-request-id'),
    };
  }
});
