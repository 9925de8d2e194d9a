import type { Refusal } from '../refusal.js';

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

export function errorBody({ status, message, details }: Refusal): unknown {
  const fallback = status < 500 ? 'invalid_request_error' : 'api_error';
  return {
    type: 'error',
    error: { type: details.type ?? TYPES[status] ?? fallback, message },
    request_id: 'req_sim',
  };
}
