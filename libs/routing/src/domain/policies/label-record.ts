import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isObject } from '@app/shared';
import { isLabel } from '../wishes/labels.js';

/** What OpenAI takes as `metadata`. */
const MAX_PAIRS = 16;
const MAX_KEY = 64;
const MAX_VALUE = 512;

/**
 * Validates a field: an object of texts, numbers and truth values, none of them larger than callers may send as `metadata`. A
 * number that JSON readers round would be equal to others.
 */
export function IsLabelRecord(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isLabelRecord',
      validator: {
        validate: (value: unknown) => isLabelRecord(value),
        defaultMessage: () =>
          `$property must be an object of 1 to ${MAX_PAIRS} texts of up to ${MAX_VALUE} characters, numbers, true or false, with names of up to ` +
          `${MAX_KEY}`,
      },
    },
    options,
  );
}

function isLabelRecord(value: unknown): boolean {
  const pairs = isObject(value) ? Object.entries(value) : [];
  return (
    pairs.length > 0 &&
    pairs.length <= MAX_PAIRS &&
    pairs.every(
      ([name, value]) =>
        name !== '' &&
        name.length <= MAX_KEY &&
        isLabel(value) &&
        !(Number.isInteger(value) && !Number.isSafeInteger(value)) &&
        String(value).length <= MAX_VALUE,
    )
  );
}
