import { PartialType, PickType } from '@nestjs/swagger';
import { AdminUser } from '../domain/admin-user.entity.js';

export class CreateAdminUser extends PickType(AdminUser, ['name', 'role']) {}

export class UpdateAdminUser extends PartialType(CreateAdminUser, { skipNullProperties: false }) {}

export class AdminUserPage {
  /** Oldest first. */
  readonly data!: AdminUser[];
  /**
   * Pass it as `after` to get the next page; null on the last one.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly next!: string | null;
}
