import type { OpenAPIObject } from '@nestjs/swagger';
import { errorSchema } from '@app/dialects';

const WHY: Readonly<Record<number, string>> = {
  400: 'The request is wrong; the message names the field and what to do.',
  401: 'The key is missing, unknown, expired or revoked.',
  403: 'The key is known, but may not do this.',
  404: 'There is nothing of that name.',
  413: 'The body or the file is too large.',
  429: 'Too many requests; `retry-after` says when to come back.',
  502: 'The vendor failed, or answered something that is no answer.',
  503: 'The gateway cannot reach its store, is shutting down, or the vendor is overloaded; try again later.',
  504: 'The vendor took too long.',
};
const MANAGEMENT = [400, 401, 403, 404, 503];
const INFERENCE = [400, 401, 403, 404, 413, 429, 502, 503, 504];

/** Adds the errors that every route can answer with, which no controller has to repeat. */
export function describeErrors(document: OpenAPIObject): OpenAPIObject {
  for (const [path, operations] of Object.entries(document.paths)) {
    const statuses = path.startsWith('/admin')
      ? MANAGEMENT
      : /^\/(v1|\{vendor\})/.test(path)
        ? INFERENCE
        : [];
    for (const operation of Object.values(operations)) {
      const { responses } = operation as { responses: Record<string, unknown> };
      for (const status of statuses) {
        responses[status] ??= {
          description: WHY[status],
          content: { 'application/json': { schema: errorSchema } },
        };
      }
    }
  }
  return document;
}
