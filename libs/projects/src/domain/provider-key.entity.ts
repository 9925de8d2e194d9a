import { IsBoolean, IsInt, IsISO8601, IsUUID, Length, Matches, Max, Min } from 'class-validator';
import { DISPLAY_NAME } from './display-name.js';
import { VENDOR_ID } from './wire-names.js';

/** A project's own key for a vendor. The secret goes in and never comes out. */
export class ProviderKey {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  @IsUUID()
  readonly id!: string;

  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  @IsUUID()
  readonly projectId!: string;

  /**
   * Id of the vendor.
   *
   * @example openai
   */
  @Matches(VENDOR_ID.pattern, VENDOR_ID)
  readonly provider!: string;

  /**
   * What the key is for.
   *
   * @example team
   */
  @Length(1, 80)
  @Matches(DISPLAY_NAME, { message: '$property must be one line of text' })
  readonly name!: string;

  /**
   * End of the vendor's key.
   *
   * @example …9a2e
   */
  readonly masked!: string;

  /**
   * Calls use the vendor's default key; without an active one, and without weights, the latest active key.
   *
   * @example true
   */
  @IsBoolean()
  readonly isDefault!: boolean;

  /**
   * Share of the calls beside the other active keys of its vendor; 0 stands by until the others cool down. The default key
   * counts as at least 1.
   *
   * @example 0
   */
  @IsInt()
  @Min(0)
  @Max(1000)
  readonly weight!: number;

  /**
   * `inactive` keys are kept but not used.
   *
   * @example active
   */
  readonly status!: 'active' | 'inactive';

  /** @example 2026-11-25T10:20:30.456Z */
  @IsISO8601()
  readonly createdAt!: string;

  /**
   * Grows with every change; the ETag begins with it.
   *
   * @example 1
   */
  readonly version!: number;
}

/** With the secret's envelope (AES-256-GCM, bound to the record's id). */
export type StoredProviderKey = ProviderKey & { readonly envelope: string };
