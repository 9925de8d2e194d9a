import type { ErrorWords } from '../domain/error-words.js';

/** https://platform.claude.com/docs/en/api/errors, and below them what other vendors' statuses come to. */
export const ERROR_WORDS: ErrorWords = [
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [409, 'conflict_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
  [408, 'timeout_error'],
  [503, 'overloaded_error'],
];
