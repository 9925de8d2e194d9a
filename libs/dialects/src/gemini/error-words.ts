import type { ErrorWords } from '../domain/error-words.js';

/** https://cloud.google.com/apis/design/errors#handling_errors, and below them what other vendors' statuses come to. */
export const ERROR_WORDS: ErrorWords = [
  [400, 'INVALID_ARGUMENT'],
  [400, 'FAILED_PRECONDITION'],
  [400, 'OUT_OF_RANGE'],
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [409, 'ABORTED'],
  [409, 'ALREADY_EXISTS'],
  [429, 'RESOURCE_EXHAUSTED'],
  [499, 'CANCELLED'],
  [500, 'INTERNAL'],
  [501, 'UNIMPLEMENTED'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
  [402, 'FAILED_PRECONDITION'],
  [408, 'DEADLINE_EXCEEDED'],
  [529, 'UNAVAILABLE'],
];
