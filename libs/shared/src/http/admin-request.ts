import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { ProjectRequest } from './project-request.js';
import type { Author } from './author.js';

/** A request at the management API behind the guard. */
export interface AdminRequest extends ProjectRequest {
  author?: Author;
}

/** Parameter: who asks, and which version they have seen. */
export const By = createParamDecorator((_: unknown, context: ExecutionContext): Author => {
  const { author, headers } = context.switchToHttp().getRequest<AdminRequest>();
  if (!author) {
    throw new Error('This route has no admin key guard.');
  }
  const tags = headers['if-match'];
  return tags === undefined || tags.trim() === '*' ? author : { ...author, seen: splitTags(tags) };
});

/** Documents `If-Match` on a change of one record. */
export function Conditional(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: false,
      description:
        'ETag of the record as you read it, or its version in quotes; 412 when it was changed since.',
      schema: { type: 'string', example: '"1"' },
    }),
  );
}

function splitTags(tags: string): string[] {
  return tags.split(',').map(tag => tag.trim());
}
