import { IsIn, IsString, Length } from 'class-validator';
import { type Role, ROLES } from '@app/shared';

export class LogIn {
  /**
   * An admin key.
   *
   * @example ak_1f0c2b3a4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f70
   */
  @IsString()
  @Length(1, 500)
  readonly key!: string;
}

/** Who is there. */
export class SessionView {
  /**
   * Id of the admin user; `configured` is the owner of AI_GATEWAY_ADMIN_KEY.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly id!: string;

  /** @example Ada */
  readonly name!: string;

  /** @example admin */
  @IsIn(ROLES)
  readonly role!: Role;

  /**
   * The key, masked.
   *
   * @example ak_1f0c…9a2e
   */
  readonly key!: string | null;
}
