import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';

/** What an admin user may do: look; change everything but the users; everything. Each includes the ones before. */
export const ROLES = ['viewer', 'admin', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** `viewer`: whoever has an admin key. `admin`: viewers may look, admins change. `owner`: nobody else may even look. */
export type AccessLevel = 'public' | 'project' | AdminLevel;
export type AdminLevel = 'viewer' | 'admin' | 'owner';

/** Metadata key read by the guard in `auth`. */
export const ACCESS = 'llm-hub:access';

/** Who may call: guard metadata and OpenAPI security in one. Routes without it need a project key. */
export function Access(level: AccessLevel): MethodDecorator & ClassDecorator {
  const admin = [ApiSecurity('admin-key')];
  const security = { project: [ApiSecurity('project-key')], viewer: admin, admin, owner: admin, public: [] };
  return applyDecorators(SetMetadata(ACCESS, level), ...security[level]);
}

/** The least role that a route with that access asks for. */
export function roleFor(level: AdminLevel, method: string | undefined): Role {
  if (level !== 'admin') {
    return level;
  }
  return method === 'GET' || method === 'HEAD' ? 'viewer' : 'admin';
}

/** Whether one role includes another. */
export function includesRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
