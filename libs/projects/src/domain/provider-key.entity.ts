import { IsISO8601, IsUUID, Length, Matches } from 'class-validator';
import { DISPLAY_NAME } from './display-name.js';

/** A project's own key for a vendor. The secret goes in and never comes out. */
export class ProviderKey {
  @IsUUID()
  readonly id!: string;

  @IsUUID()
  readonly projectId!: string;

  /** Id of the vendor, such as `openai`. */
  @Matches(/^[a-z0-9][a-z0-9-]{0,40}$/, {
    message: '$property must be the id of a vendor: lower-case letters, digits and dashes, such as openai',
  })
  readonly provider!: string;

  /** What the key is for. */
  @Length(1, 80)
  @Matches(DISPLAY_NAME, { message: '$property must be one line of text' })
  readonly name!: string;

  /** End of the vendor's key, such as `…9a2e`. */
  readonly masked!: string;

  @IsISO8601()
  readonly createdAt!: string;
}

/** The envelope of a vendor key, by the id it is bound to. */
export interface SealedSecret {
  readonly id: string;
  readonly envelope: string;
}

/** With the secret's envelope (AES-256-GCM, bound to the record's id). */
export type StoredProviderKey = ProviderKey & { readonly envelope: string };
