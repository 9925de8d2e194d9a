import type { OpenAPIObject } from '@nestjs/swagger';
import { anthropicErrorSchema, errorSchema, geminiErrorSchema } from '@app/dialects';

const WHY: Readonly<Record<number, string>> = {
  400: 'The request is wrong; the message names the field and what to do.',
  401: 'The key is missing, unknown, expired or revoked.',
  403: 'The key is known, but may not do this.',
  404: 'There is nothing of that name.',
  409: 'The state of the record, or of the `Idempotency-Key`, does not allow it; the message says what does.',
  412: 'The record is not as it was when you read it.',
  413: 'The body or the file is too large.',
  415: 'The body is not declared as JSON.',
  429: 'Too many requests; `retry-after` says when to come back.',
  502: 'The vendor failed, or answered something that is no answer.',
  503: 'The gateway cannot reach its store, is shutting down, or the vendor is overloaded; try again later.',
  504: 'The vendor took too long.',
  529: 'The vendor is overloaded; try again later.',
};
const MANAGEMENT = [400, 401, 403, 404, 429, 503];
const WITH_BODY = [413, 415];
const WITH_VERSION = [412];
const INFERENCE = [400, 401, 403, 404, 413, 429, 502, 503, 504];
/** Paths of Google's API, whose errors have a shape of their own. */
const GEMINI = /^\/v1(?:beta|alpha)\/|\{model\}:/;
/** Endpoints of Anthropic's API, which has errors of its own. */
const MESSAGES = /^(\/anthropic)?\/v1\/messages/;

/** Paths of the management API. */
const MANAGED = /^\/(admin|metrics)\b/;

interface Operation {
  readonly parameters?: readonly { readonly name?: string }[];
  readonly requestBody?: object;
  readonly responses: Record<string, object>;
}

/** Adds the errors that a route can answer with: a controller names only what is its own, by the status. */
export function describeErrors(document: OpenAPIObject): OpenAPIObject {
  for (const [path, operations] of Object.entries(document.paths)) {
    const schema = schemaOf(path);
    for (const operation of Object.values(operations) as Operation[]) {
      const { responses } = operation;
      const own = Object.keys(responses)
        .map(Number)
        .filter(status => status >= 400);
      for (const status of [...errorsOf(path, operation), ...own]) {
        responses[status] = {
          description: WHY[status],
          content: { 'application/json': { schema } },
        };
      }
    }
  }
  return document;
}

function errorsOf(path: string, { parameters = [], requestBody }: Operation): readonly number[] {
  if (MESSAGES.test(path)) {
    return [...INFERENCE, 529];
  }
  if (!MANAGED.test(path)) {
    return /^\/(v1|\{vendor\})/.test(path) ? INFERENCE : [];
  }
  const isConditional = parameters.some(({ name }) => name === 'If-Match');
  return [...MANAGEMENT, ...(requestBody ? WITH_BODY : []), ...(isConditional ? WITH_VERSION : [])];
}

function schemaOf(path: string): object {
  if (MESSAGES.test(path)) {
    return anthropicErrorSchema;
  }
  return GEMINI.test(path) ? geminiErrorSchema : errorSchema;
}
