import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';

export type AccessLevel = 'public' | 'project' | 'admin';

/** Metadata key read by the guard in `auth`. */
export const ACCESS = 'llm-hub:access';

/** Who may call: guard metadata and OpenAPI security in one. Routes without it need a project key. */
export function Access(level: AccessLevel): MethodDecorator & ClassDecorator {
  const security = { project: [ApiSecurity('project-key')], admin: [ApiSecurity('admin-key')], public: [] };
  return applyDecorators(SetMetadata(ACCESS, level), ...security[level]);
}
