import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  type INestApplication,
  Param,
  Req,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { type Call, GatewayError, SharedModule } from '@app/shared';
import type { NextFunction, Request, Response } from 'express';
import { aCall } from '../../../../test/support/call.js';
import { NoOtherFeatures } from '../../../../test/support/no-other-features.js';
import { AnalyticsModule } from '../analytics.module.js';
import { UsageRecorder } from '../domain/usage.recorder.js';
import type { UsageRecord } from '../domain/usage-record.entity.js';
import { UsageRepository } from '../domain/usage.repository.js';
import { type MeteredRequest, meterOf, UsageInterceptor } from './usage.interceptor.js';

let audio = new PassThrough();

@Controller()
@UseInterceptors(UsageInterceptor)
class EveryOutcome {
  @Get('whole/:voice')
  whole(@Req() request: MeteredRequest, @Param('voice') _voice: string): object {
    Object.assign(meterOf(request), {
      modelAsked: 'whisper-1',
      provider: 'openai',
      modelUsed: 'whisper-1',
      attempts: 1,
      usage: { inputTokens: 0, outputTokens: 0, audioSeconds: 60 },
    });
    return { ok: true };
  }

  @Get('models/*model\\:count')
  count(@Param('model') model: string[]): object {
    return model;
  }

  @Get('refused')
  refused(): never {
    throw new GatewayError('Slow down.', { status: 429, type: 'rate_limit_error', code: 'rate_limited' });
  }

  @Get('broken')
  broken(): never {
    throw new Error('a mistake of ours');
  }

  @Get('slow')
  async slow(@Req() request: MeteredRequest): Promise<void> {
    const signal = request.call?.signal ?? AbortSignal.abort();
    waiting?.();
    await once(signal, 'abort');
    Object.assign(meterOf(request), { provider: 'openai', attempts: 1 });
    meterOf(request).usage = { inputTokens: 7, outputTokens: 0, estimated: true };
    throw new Error('the caller left');
  }

  @Get('streamed')
  streamed(): StreamableFile {
    return new StreamableFile(audio, { type: 'audio/mpeg' });
  }

  @Get('cut')
  cut(@Req() request: MeteredRequest & Request): StreamableFile {
    audio.once('cut', () => {
      meterOf(request).close({ status: 200, outcome: 'cut', errorCode: 'upstream_cut' });
      request.res?.destroy();
    });
    return new StreamableFile(audio);
  }
}

let waiting: (() => void) | null = null;

@Catch()
class StatusFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const status = error instanceof GatewayError ? error.status : 500;
    const response = host.switchToHttp().getResponse<Response>();
    if (!response.destroyed) {
      response.status(status).json({});
    }
  }
}

describe('UsageInterceptor', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'analytics-'));
  let app: INestApplication;

  beforeAll(async () => {
    app = await startApp(dataDir);
  });
  afterAll(async () => {
    await app.close();
    rmSync(dataDir, { recursive: true });
  });
  beforeEach(() => {
    audio = new PassThrough();
  });

  function call(path: string, headers: Record<string, string> = {}) {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const id = randomUUID();
    const request = send({
      host: '127.0.0.1',
      port,
      path,
      headers: { 'x-call-id': id, ...headers },
      agent: false,
    });
    const response = once(request, 'response').then(([answer]) => answer as IncomingMessage);
    response.catch(() => undefined); // callers that leave get none
    request.on('error', () => undefined).end();
    return { id, request, response };
  }

  async function recorded(id: string): Promise<UsageRecord | null> {
    await app.get(UsageRecorder).flush();
    return app.get(UsageRepository, { strict: false }).findById(id);
  }

  /** The record comes when the response is closed, which is after the caller has read it. */
  async function record(id: string): Promise<UsageRecord> {
    for (;;) {
      const found = await recorded(id);
      if (found) {
        return found;
      }
      await nextTurn();
    }
  }

  it('records an answer that was sent, with all its handler said', async () => {
    const { id, response } = call('/whole/alloy');
    (await response).resume();

    expect(await record(id)).toMatchObject({
      endpoint: '/whole/{voice}',
      projectId: 'project-1',
      keyId: 'key-1',
      outcome: 'completed',
      status: 200,
      provider: 'openai',
      audioMs: 60_000,
      costNanoUsd: 6_000_000,
      errorCode: null,
    });
  });

  it('names an endpoint as the documentation does', async () => {
    const { id, response } = call('/models/openai/gpt-5:count');
    (await response).resume();

    expect(await record(id)).toMatchObject({ endpoint: '/models/{model}:count', status: 200 });
  });

  it('records a refusal with its status and code', async () => {
    const { id, response } = call('/refused');
    (await response).resume();

    expect(await record(id)).toMatchObject({
      outcome: 'failed',
      status: 429,
      errorCode: 'rate_limited',
      costNanoUsd: 0,
    });
  });

  it('records a mistake of ours as 500', async () => {
    const { id, response } = call('/broken');
    (await response).resume();

    expect(await record(id)).toMatchObject({ outcome: 'failed', status: 500, errorCode: 'internal_error' });
  });

  it('records a caller that leaves, with what its handler still learned', async () => {
    const waits = new Promise<void>(resolve => {
      waiting = resolve;
    });
    const { id, request } = call('/slow');
    await waits;
    expect(await recorded(id)).toBeNull();
    request.destroy();

    expect(await record(id)).toMatchObject({
      outcome: 'aborted',
      status: 499,
      errorCode: 'caller_left',
      inputTokens: 7,
      estimated: true,
    });
  });

  it('records a caller that left before, while the guards were asked', async () => {
    const { id, request } = call('/refused', { 'x-slow-guard': '1' });
    await once(guarded, 'asked');
    request.destroy();

    expect(await record(id)).toMatchObject({ outcome: 'aborted', status: 499, errorCode: 'caller_left' });
  });

  it('records a stream when it ends, not when it starts', async () => {
    const { id, response } = call('/streamed');
    audio.write('first');
    const answer = await response;
    await once(answer, 'data');
    expect(await recorded(id)).toBeNull();
    audio.end('last');

    expect(await record(id)).toMatchObject({ outcome: 'completed', status: 200 });
  });

  it('records a caller that leaves in the middle of a stream', async () => {
    const { id, response } = call('/streamed');
    audio.write('first');
    const answer = await response;
    await once(answer, 'data');
    answer.on('error', () => undefined).destroy();

    expect(await record(id)).toMatchObject({ outcome: 'aborted', status: 200, errorCode: 'caller_left' });
  });

  it('lets a handler say that the vendor broke off', async () => {
    const { id, response } = call('/cut');
    audio.write('first');
    const answer = (await response).on('error', () => undefined);
    await once(answer, 'data');
    audio.emit('cut');

    expect(await record(id)).toMatchObject({ outcome: 'cut', status: 200, errorCode: 'upstream_cut' });
  });

  it('leaves requests of no project alone', async () => {
    const { id, response } = call('/refused', { 'x-no-call': '1' });
    expect((await response).resume().statusCode).toBe(429);
    const after = call('/refused');
    (await after.response).resume();
    await record(after.id);

    expect(await recorded(id)).toBeNull();
  });
});

async function startApp(dataDir: string): Promise<INestApplication> {
  const module = await Test.createTestingModule({
    imports: [
      SharedModule.forRoot({
        AI_GATEWAY_DATABASE_URL: 'sqlite::memory:',
        AI_GATEWAY_DATA_DIR: dataDir,
        AI_GATEWAY_LOG_LEVEL: 'silent',
      }),
      AnalyticsModule,
      NoOtherFeatures,
    ],
    controllers: [EveryOutcome],
  }).compile();
  const nest = module.createNestApplication({ logger: false, forceCloseConnections: true });
  nest.use(asGuard);
  nest.useGlobalFilters(new StatusFilter());
  await nest.listen(0, '127.0.0.1');
  return nest;
}

const guarded = new EventEmitter();

/** What the key guard does; a slow one until the caller has left. */
function asGuard(request: Request & { call?: Call }, response: ServerResponse, next: NextFunction): void {
  if (request.headers['x-no-call'] === undefined) {
    const abort = new AbortController();
    response.once('close', () => abort.abort());
    request.call = aCall({
      id: String(request.headers['x-call-id']),
      receivedAt: Date.now(),
      signal: abort.signal,
    });
  }
  if (request.headers['x-slow-guard']) {
    response.once('close', () => next());
    guarded.emit('asked');
  } else {
    next();
  }
}
