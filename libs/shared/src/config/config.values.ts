import { ValidateBy } from 'class-validator';
import { AddressSet } from '../net/address-set.js';

/** Node's timers run at once when they are told to wait longer: 24 days. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

const HOST_NAME = /^(?=.*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** NaN for anything but a plain whole number, so that `1e3`, `0x10` or `3001abc` never pass by accident. */
export function toInteger(value: unknown): unknown {
  return typeof value === 'string' ? (/^\d+$/.test(value.trim()) ? Number(value) : Number.NaN) : value;
}

/** What stands between commas. */
export function toList(value: unknown): unknown {
  return typeof value === 'string' ? value.split(',').map(entry => entry.trim()) : value;
}

/** Null when an entry is no address, which the validation refuses. */
export function toAddressSet(value: unknown): unknown {
  const list = toList(value);
  return Array.isArray(list) ? (list.every(AddressSet.isEntry) ? new AddressSet(list) : null) : value;
}

export function isOrigin(text: string): boolean {
  return text === '*' || (URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text));
}

/** A host name, an address or a network. */
export function isEgressEntry(text: string): boolean {
  return AddressSet.isEntry(text) || HOST_NAME.test(text);
}

/** Each entry of a list passes the check. */
export function Satisfies(check: (entry: string) => boolean): PropertyDecorator {
  const validate = (value: unknown): boolean => Array.isArray(value) && value.every(check);
  return ValidateBy({ name: check.name, validator: { validate } });
}
