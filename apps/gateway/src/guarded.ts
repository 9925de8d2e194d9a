import type { ServerResponse } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { ApiKeyGuard } from '@app/auth';
import { ErrorFilter } from '@app/inference';
import type { ProjectRequest } from '@app/shared';

export type Handler = (request: ProjectRequest, response: ServerResponse) => Promise<void>;

/** By which door a key is let in: an ephemeral one opens sessions alone. */
type Door = 'admitProject' | 'admitSession' | 'admitGoogleSession';

/** Serves a request outside Nest's routes: behind the same guard, and before the same filter. Never rejects. */
export function guarded(
  app: INestApplication,
  door: Door = 'admitProject',
): (handler: Handler, request: ProjectRequest, response: ServerResponse) => Promise<void> {
  const guard = app.get(ApiKeyGuard);
  const filter = app.get(ErrorFilter);
  return async (handler, request, response) => {
    try {
      const admitted = guard[door](request, response);
      if (admitted !== true) {
        await admitted;
      }
      await handler(request, response);
    } catch (error) {
      filter.render(error, request, response);
    }
  };
}
