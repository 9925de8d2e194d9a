import type { OpenAPIObject } from '@nestjs/swagger';
import { anthropicErrorSchema, errorSchema, geminiErrorSchema } from '@app/dialects';

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
  529: 'The vendor is overloaded; try again later.',
};
const MANAGEMENT = [400, 401, 403, 404, 503];
/** Paths of Google's API, whose errors have a shape of their own. */
const GEMINI = /^\/v1(?:beta|alpha)\/|\{model\}:/;
const INFERENCE = [400, 401, 403, 404, 413, 429, 502, 503, 504];

/** Endpoints of Anthropic's API, which has errors of its own. */
const MESSAGES = /^(\/anthropic)?\/v1\/messages/;

function statusesOf(path: string): readonly number[] {
  if (MESSAGES.test(path)) {
    return [...INFERENCE, 529];
  }
  return path.startsWith('/admin') ? MANAGEMENT : /^\/(v1|\{vendor\})/.test(path) ? INFERENCE : [];
}

function schemaOf(path: string): object {
  if (MESSAGES.test(path)) {
    return anthropicErrorSchema;
  }
  return GEMINI.test(path) ? geminiErrorSchema : errorSchema;
}

/** Adds the errors that every route can answer with, which no controller has to repeat. */
export function describeErrors(document: OpenAPIObject): OpenAPIObject {
  for (const [path, operations] of Object.entries(document.paths)) {
    const statuses = statusesOf(path);
    const schema = schemaOf(path);
    for (const operation of Object.values(operations)) {
      const { responses } = operation as { responses: Record<string, unknown> };
      for (const status of statuses) {
        responses[status] ??= {
          description: WHY[status],
          content: { 'application/json': { schema } },
        };
      }
    }
  }
  return document;
}
