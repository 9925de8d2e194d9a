import { IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';
import { ProviderKey } from '../domain/provider-key.entity.js';

const LEFT_OUT_NOT_NULL = { skipNullProperties: false };

/** A key in JSON comes as the file has it, and is kept without its line breaks. */
function inOneLine(key: unknown): unknown {
  if (typeof key !== 'string' || !key.trimStart().startsWith('{')) {
    return key;
  }
  try {
    return JSON.stringify(JSON.parse(key));
  } catch {
    return key;
  }
}

export class CreateProviderKey extends IntersectionType(
  PickType(ProviderKey, ['provider', 'name']),
  PartialType(PickType(ProviderKey, ['isDefault', 'weight']), LEFT_OUT_NOT_NULL),
) {
  /**
   * The vendor's key, or the JSON of one (a Google service account). It is stored encrypted and never shown again.
   *
   * @example sk-proj-0123456789abcdef
   */
  @Transform(({ value }) => inOneLine(value))
  @Matches(/^(?:[\x21-\x7e]{1,1024}|\{[\x20-\x7e]{1,8190}\})$/, {
    message:
      '$property must be up to 1024 visible ASCII characters without spaces, or a JSON object of up to 8192',
  })
  readonly apiKey!: string;
}

export class UpdateProviderKey extends PartialType(
  PickType(ProviderKey, ['name', 'isDefault', 'weight']),
  LEFT_OUT_NOT_NULL,
) {}

export class ProviderKeyPage {
  /** Oldest first. */
  readonly data!: ProviderKey[];
  /**
   * Pass it as `after` to get the next page; null on the last one.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly next!: string | null;
}
