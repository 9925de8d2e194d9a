import type { OpenAPIObject } from '@nestjs/swagger';

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Makes the request once, however often it is sent: whoever sends the same again with this key, within a day, gets the ' +
    'first answer, with `idempotent-replayed: true`, and pays nothing. Another request with it is refused (409).',
  schema: { type: 'string', minLength: 1, maxLength: 255, example: '5b1f6a52-8f0e-4c8e-9d53-0c7c1a7f2a11' },
};

interface Operation {
  readonly parameters?: readonly object[];
  readonly responses: Readonly<Record<string, object>>;
}

/** Documents the header on every POST that a project's key may make. */
export function describeIdempotency(document: OpenAPIObject): OpenAPIObject {
  const { paths } = document;
  for (const [path, operations] of Object.entries(paths)) {
    if (operations.post && !path.startsWith('/admin')) {
      paths[path] = { ...operations, post: withKey(operations.post as Operation) as typeof operations.post };
    }
  }
  return document;
}

function withKey(post: Operation): Operation {
  const { parameters = [], responses } = post;
  return { ...post, parameters: [...parameters, IDEMPOTENCY_KEY], responses: { 409: {}, ...responses } };
}
