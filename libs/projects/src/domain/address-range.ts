import { ValidateBy, type ValidationOptions } from 'class-validator';
import { AddressSet } from '@app/shared';

/** `AddressSet` knows words and interfaces besides, which mean this machine and no caller. */
const NUMBERS_ONLY = /^[0-9a-fA-F:./]+$/;

/** Validates a field: an address, or a range of them in CIDR notation. */
export function IsAddressRange(options: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    { name: 'isAddressRange', validator: { validate: (value: unknown) => isAddressRange(value) } },
    options,
  );
}

/** Whether it is such as `192.0.2.0/24`, `2001:db8::/32` or a single address. */
export function isAddressRange(value: unknown): boolean {
  return typeof value === 'string' && NUMBERS_ONLY.test(value) && AddressSet.isEntry(value);
}
