import { isNativeError } from 'node:util/types';
import { InvalidRequestError } from './gateway.error.js';

/** 400: `JSON.parse` takes any depth, but nothing that walks over its result does. */
export class NestedTooDeeplyError extends InvalidRequestError {
  constructor() {
    super(
      'The body is nested too deeply. Send lists and objects of fewer levels.',
      null,
      'nested_too_deeply',
    );
  }
}

/** What a caller's body did to the code that walks over it: a stack overflow is the caller's fault, the rest stays. */
export function explainDepth(error: unknown): unknown {
  const overflow =
    isNativeError(error) && error.name === 'RangeError' && error.message.startsWith('Maximum call stack');
  return overflow ? new NestedTooDeeplyError() : error;
}
