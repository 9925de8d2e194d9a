import { isNativeError } from 'node:util/types';
import { redact } from '../logging/redact.js';

/** The store stops the start. The message is one line that says what to do, without any secret. */
export class UnusableStoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnusableStoreError';
  }
}

/** What a driver threw, as a part of that line. @param password that it may repeat */
export function reasonOf(error: unknown, password?: string): string {
  const text = redact(messageOf(error)).replaceAll('\n', ' ');
  return password === undefined ? text : text.replaceAll(password, '[redacted]');
}

/** A host with several addresses fails with one error for each, and says nothing itself. */
function messageOf(error: unknown): string {
  if (!isNativeError(error)) {
    return String(error);
  }
  return 'errors' in error && Array.isArray(error.errors)
    ? error.errors.map(messageOf).join(', ')
    : error.message;
}
