import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import {
  fingerprintOf,
  IDEMPOTENCY_KEY,
  idempotencyKeyIn,
  IdempotentCalls,
  recordIdOf,
  TooLargeToCompareError,
} from '@app/idempotency';
import { receiveBody } from '@app/inference';
import { BodyTooLargeError, callOf, Config, type ProjectRequest } from '@app/shared';
import { guarded } from './guarded.js';
import { Loopback } from './server/loopback.js';

/** What no project's key opens. */
const NOT_OF_PROJECTS = /^\/(?:admin|health|swagger-ui)\b/i;

/**
 * Takes every POST of a project that has an `Idempotency-Key`, before all roads: the call itself is made through a loopback,
 * and each of those who ask for the same reads its answer. Behind Express, which knows what to tell pages of other origins.
 */
export function takeIdempotentCalls(app: NestExpressApplication): void {
  const calls = app.get(IdempotentCalls);
  const { bodyLimitBytes } = app.get(Config);
  const loopback = new Loopback(app.getHttpServer() as Server);
  const serve = guarded(app);

  const answer = async (request: ProjectRequest, reply: Response, url: string): Promise<void> => {
    const { headers } = request;
    const outer = callOf(request);
    const id = recordIdOf(outer.projectId, idempotencyKeyIn(headers));
    const body = await receiveBody(request, bodyLimitBytes).catch(tooLarge);
    const fingerprint = await fingerprintOf({ url, headers, body, call: outer });
    await calls.serve({
      call: outer,
      id,
      fingerprint,
      reply,
      carry: (call, into) => loopback.carry({ request, url, body, call }, into),
    });
  };

  app.use((request: Request, response: Response, next: NextFunction) => {
    const { method, headers, path, originalUrl } = request;
    const isOurs = method === 'POST' && headers[IDEMPOTENCY_KEY] !== undefined;
    if (isOurs && !NOT_OF_PROJECTS.test(path)) {
      void serve(
        called => answer(called, response, originalUrl),
        request as Request & ProjectRequest,
        response,
      );
    } else {
      next();
    }
  });
}

function tooLarge(error: unknown): never {
  throw error instanceof BodyTooLargeError ? new TooLargeToCompareError(error.limitBytes) : error;
}
