import { IsIn, IsISO8601, IsUUID, Length, Matches } from 'class-validator';
import { type Role, ROLES } from '@app/shared';
import { DISPLAY_NAME } from './display-name.js';

/** Somebody who may use the management API, with a key of their own. */
export class AdminUser {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  @IsUUID()
  readonly id!: string;

  /**
   * Shown in the audit trail.
   *
   * @example Ada
   */
  @Length(1, 80)
  @Matches(DISPLAY_NAME, { message: '$property must be one line of text' })
  readonly name!: string;

  /**
   * `viewer` looks, `admin` changes everything but users and encryption, `owner` everything.
   *
   * @example admin
   */
  @IsIn(ROLES)
  readonly role!: Role;

  /**
   * Begin and end of the key.
   *
   * @example ak_1f0c…9a2e
   */
  readonly masked!: string;

  /** @example 2026-11-25T10:20:30.456Z */
  @IsISO8601()
  readonly createdAt!: string;

  /**
   * When the key was revoked; null means it was not.
   *
   * @example 2026-12-02T10:20:30.456Z
   */
  readonly revokedAt!: string | null;

  /**
   * Grows with every change; the ETag begins with it.
   *
   * @example 1
   */
  readonly version!: number;
}

export class IssuedAdminUser extends AdminUser {
  /**
   * The admin key. Shown once.
   *
   * @example ak_1f0c2b3a4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f70
   */
  readonly key!: string;
}
