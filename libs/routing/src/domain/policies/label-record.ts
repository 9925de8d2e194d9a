import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isObject } from '@app/shared';

/** What OpenAI takes as `metadata`. */
const MAX_PAIRS = 16;
const MAX_KEY = 64;
const MAX_VALUE = 512;

/** Validates a field: an object of texts, none of them larger than callers may send as `metadata`. */
export function IsTextRecord(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isTextRecord',
      validator: {
        validate: (value: unknown) => isTextRecord(value),
        defaultMessage: () =>
          `$property must be an object of 1 to ${MAX_PAIRS} texts of up to ${MAX_VALUE} characters, with names of up to ` +
          `${MAX_KEY}`,
      },
    },
    options,
  );
}

function isTextRecord(value: unknown): boolean {
  const pairs = isObject(value) ? Object.entries(value) : [];
  return (
    pairs.length > 0 &&
    pairs.length <= MAX_PAIRS &&
    pairs.every(
      ([name, text]) =>
        name !== '' && name.length <= MAX_KEY && typeof text === 'string' && text.length <= MAX_VALUE,
    )
  );
}
