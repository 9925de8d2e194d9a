import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Controller, type ExecutionContext, Get } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { ThrottlerStorageService } from '@nestjs/throttler';
import { ConcurrencyLimitError, MemoryRequestLimits, MemoryTokenLimits } from '@app/limits';
import { KeyUse, OutsideScopeError } from '@app/projects';
import { Access, type AdminRequest, callOf, type ProjectRequest, readConfig } from '@app/shared';
import { BY, openProjects, type TestProjects } from '../../../../test/support/projects.js';
import { Admission } from '../domain/admission.js';
import {
  AdminOnlyError,
  InvalidApiKeyError,
  MissingApiKeyError,
  RoleRequiredError,
} from '../domain/auth.errors.js';
import { KeyAccess } from '../domain/key-access.js';
import { apiKeyRepository } from '../../../projects/src/projects.module.js';
import { ThrottledWrongKeys } from '../infrastructure/throttled-wrong-keys.js';
import { AdminDoor } from './admin-door.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { BrowserSessions } from './browser-sessions.js';
import { CallOpener } from './call-opener.js';

const ADMIN = 'ak_configured-by-the-operator-of-this';
const FILE_LIMIT = 777;
const PROXY = '10.0.0.1';

@Controller()
class PlainController {
  @Get()
  undeclared(): void {}

  @Access('public')
  @Get()
  open(): void {}
}

@Access('admin')
@Controller()
class ManagementController {
  @Get()
  manage(): void {}
}

type Handler = [controller: new () => unknown, handler: () => void];
const undeclared: Handler = [PlainController, PlainController.prototype.undeclared];
const open: Handler = [PlainController, PlainController.prototype.open];
const manage: Handler = [ManagementController, ManagementController.prototype.manage];

describe('ApiKeyGuard', () => {
  let test: TestProjects;
  let guard: ApiKeyGuard;
  let projectId: string;
  let apiKey: string;

  beforeEach(async () => {
    test = await openProjects({ AI_GATEWAY_ADMIN_KEY: ADMIN });
    const admission = new Admission(
      new KeyAccess(test.apiKeys, test.clock),
      test.adminUsers,
      new ThrottledWrongKeys(new ThrottlerStorageService()),
      test.clientSecrets,
    );
    const config = readConfig({
      AI_GATEWAY_AUDIO_FILE_LIMIT_BYTES: String(FILE_LIMIT),
      AI_GATEWAY_TRUSTED_PROXIES: PROXY,
    });
    const keyUse = new KeyUse(await apiKeyRepository.useFactory(test.database), test.clock);
    const limits = new MemoryRequestLimits(test.clock);
    const opener = new CallOpener(limits, new MemoryTokenLimits(test.clock), keyUse, config);
    const door = new AdminDoor(
      admission,
      opener,
      new BrowserSessions(config, test.adminSessions),
      test.clock,
    );
    guard = new ApiKeyGuard(admission, opener, door, test.clock);
    ({ id: projectId, apiKey } = await test.projectChanges.create(BY, { name: 'demo' }));
  });

  afterEach(async () => {
    await test.database.close();
  });

  it('wants a project key where nothing else is said, and opens the call', async () => {
    const { context, request } = aVisit(undeclared, { authorization: `Bearer ${apiKey}` });
    const { data } = await test.apiKeys.list(projectId, { limit: 1 });

    await expect(guard.canActivate(context)).resolves.toBe(true);
    expect(callOf(request)).toEqual({
      id: request.id,
      projectId,
      keyId: data[0]?.id,
      receivedAt: test.clock.now(),
      startedAt: test.clock.ticks(),
      strict: false,
      annotate: true,
      bodyLimitBytes: 48 * 1024 * 1024,
      fileLimitBytes: FILE_LIMIT,
      defaultChatModel: null,
      defaultTranscriptionModel: null,
      permission: null,
      quota: null,
      tokens: null,
      routing: null,
      cache: null,
      signal: expect.any(AbortSignal),
    });
    expect(request.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/);
    expect(callOf(request).id).toBe(request.id);
    expect(callOf(request).signal.aborted).toBe(false);
  });

  it('answers at once for a key that was verified a moment ago', async () => {
    await guard.canActivate(aVisit(undeclared, { 'x-api-key': apiKey }).context);
    const { context, request } = aVisit(undeclared, { 'x-goog-api-key': apiKey });

    expect(guard.canActivate(context)).toBe(true);
    expect(callOf(request).projectId).toBe(projectId);
  });

  it('counts the time of a call from its arrival', async () => {
    const { context, request } = aVisit(undeclared, { 'x-api-key': apiKey });
    const arrival = { receivedAt: test.clock.now(), startedAt: test.clock.ticks() };
    const admitted = guard.canActivate(context);
    test.clock.advance(300);
    await admitted;

    expect(callOf(request)).toMatchObject(arrival);
  });

  it('takes the settings of the project, and strictness from the caller too', async () => {
    await test.projectChanges.update(BY, projectId, { annotate: false, fileLimitBytes: 5 });
    const lenient = aVisit(undeclared, { 'x-api-key': apiKey, 'x-llmhub-strict': 'false' });
    const strict = aVisit(undeclared, { 'x-api-key': apiKey, 'x-llmhub-strict': 'true' });
    await guard.canActivate(lenient.context);
    await guard.canActivate(strict.context);

    expect(callOf(lenient.request)).toMatchObject({ strict: false, annotate: false, fileLimitBytes: 5 });
    expect(callOf(strict.request)).toMatchObject({ strict: true });

    await test.projectChanges.update(BY, projectId, { strict: true });
    test.clock.advance(1000);
    const always = aVisit(undeclared, { 'x-api-key': apiKey, 'x-llmhub-strict': 'false' });
    await guard.canActivate(always.context);
    expect(callOf(always.request).strict).toBe(true);
  });

  it('refuses a request without a key, and one with a wrong key', async () => {
    const missing = aVisit(undeclared, {});
    const wrong = aVisit(undeclared, { authorization: `Bearer pk_${'0'.repeat(48)}` });
    const admin = aVisit(undeclared, { authorization: `Bearer ${ADMIN}` });

    expect(() => guard.canActivate(missing.context)).toThrow(MissingApiKeyError);
    await expect(guard.canActivate(wrong.context)).rejects.toThrow(InvalidApiKeyError);
    await expect(guard.canActivate(admin.context)).rejects.toThrow(InvalidApiKeyError);
    expect(wrong.request.call).toBeUndefined();
    expect(missing.request.id).toMatch(/-7/);
  });

  it('opens public routes to all, with an id but no call', () => {
    const { context, request, response } = aVisit(open, {});

    expect(guard.canActivate(context)).toBe(true);
    expect(response.getHeader('x-request-id')).toBe(request.id);
    expect(() => callOf(request)).toThrow('no project key guard');
  });

  it('opens management to admin keys only', async () => {
    const admin = aVisit(manage, { authorization: `Bearer ${ADMIN}` });

    await expect(guard.canActivate(admin.context)).resolves.toBe(true);
    expect(admin.request.call).toBeUndefined();
    expect(admin.request.id).toBeDefined();
    await expect(guard.canActivate(aVisit(manage, {}).context)).rejects.toThrow(MissingApiKeyError);
    await expect(
      guard.canActivate(aVisit(manage, { authorization: `Bearer ${apiKey}` }).context),
    ).rejects.toThrow(AdminOnlyError);
    await expect(
      guard.canActivate(aVisit(manage, { authorization: `Bearer ${ADMIN}x` }).context),
    ).rejects.toThrow(InvalidApiKeyError);
  });

  it('keeps a key to its scope, at once when it was verified a moment ago', async () => {
    const scope = { allowedEndpoints: ['/v1/audio/*'], allowedAddresses: ['192.0.2.0/24'] };
    const { key } = await test.apiKeyChanges.issue(BY, projectId, { name: 'narrow', ...scope });
    const visit = (url: string, remoteAddress: string, forwarded?: string): ExecutionContext => {
      const hops = forwarded === undefined ? undefined : { 'x-forwarded-for': forwarded };
      const { context, request } = aVisit(undeclared, { 'x-api-key': key, ...hops }, url);
      Object.defineProperty(request.socket, 'remoteAddress', { value: remoteAddress });
      return context;
    };

    await expect(guard.canActivate(visit('/v1/audio/x?y=z', '192.0.2.7'))).resolves.toBe(true);
    expect(guard.canActivate(visit('/v1/audio/x', '::ffff:192.0.2.7'))).toBe(true);
    expect(() => guard.canActivate(visit('/v1/chat?/v1/audio/', '192.0.2.7'))).toThrow(OutsideScopeError);
    expect(() => guard.canActivate(visit('/v1/audio/x', '192.0.3.7'))).toThrow(OutsideScopeError);
    expect(guard.canActivate(visit('/v1/audio/x', PROXY, '192.0.2.7'))).toBe(true);
    expect(() => guard.canActivate(visit('/v1/audio/x', PROXY, '192.0.2.7, 192.0.3.7'))).toThrow(
      OutsideScopeError,
    );
    expect(() => guard.canActivate(visit('/v1/audio/x', '192.0.3.7', '192.0.2.7'))).toThrow(
      OutsideScopeError,
    );
  });

  it("counts a call until its answer is over, and hands the project's quota on", async () => {
    await test.projectChanges.update(BY, projectId, { concurrentCalls: 1, requestsPerMinute: 5 });
    const first = aVisit(undeclared, { 'x-api-key': apiKey });
    await guard.canActivate(first.context);
    const again = (): unknown => guard.canActivate(aVisit(undeclared, { 'x-api-key': apiKey }).context);

    expect(callOf(first.request).quota).toEqual({ limit: 5, remaining: 4, resetMs: 60_250 });
    expect(again).toThrow(ConcurrencyLimitError);
    first.response.emit('close');
    expect(again()).toBe(true);
  });

  it('lets a role do what it may', async () => {
    const { key } = await test.adminUserChanges.create(BY, { name: 'Ada', role: 'viewer' });
    const visit = (method: string): Visit => {
      const visited = aVisit(manage, { authorization: `Bearer ${key}` });
      visited.request.method = method;
      return visited;
    };
    const look = visit('GET');

    await expect(guard.canActivate(look.context)).resolves.toBe(true);
    expect((look.request as AdminRequest).author).toMatchObject({ name: 'Ada', role: 'viewer' });
    for (const method of ['POST', 'PATCH', 'DELETE', 'PUT']) {
      await expect(guard.canActivate(visit(method).context)).rejects.toThrow(RoleRequiredError);
    }
  });

  it('takes a project key from the URL, but never an admin key', async () => {
    const project = aVisit(undeclared, {}, `/v1beta/models/m:generateContent?key=${apiKey}`);
    const admin = aVisit(manage, {}, `/admin/projects?key=${ADMIN}`);

    await expect(guard.canActivate(project.context)).resolves.toBe(true);
    await expect(guard.canActivate(admin.context)).rejects.toThrow(MissingApiKeyError);
  });
});

interface Visit {
  readonly context: ExecutionContext;
  readonly request: ProjectRequest;
  readonly response: ServerResponse;
}

function aVisit([controller, handler]: Handler, headers: Record<string, string>, url = '/'): Visit {
  const request = new IncomingMessage(new Socket()) as ProjectRequest;
  request.url = url;
  Object.assign(request.headers, headers);
  const response = new ServerResponse(request);
  return { request, response, context: new ExecutionContextHost([request, response], controller, handler) };
}
