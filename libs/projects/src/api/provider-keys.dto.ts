import { PickType } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { ProviderKey } from '../domain/provider-key.entity.js';

export class CreateProviderKey extends PickType(ProviderKey, ['provider', 'name']) {
  /** The vendor's key. It is stored encrypted and never shown again. */
  @Matches(/^[\x21-\x7e]{1,1024}$/, { message: '$property must be visible ASCII characters without spaces' })
  readonly apiKey!: string;
}

export class ProviderKeyPage {
  /** Oldest first. */
  readonly data!: ProviderKey[];
  /** Pass it as `after` to get the next page; null on the last one. */
  readonly next!: string | null;
}
