import type { Refusal } from '../refusal.js';

const KINDS: Readonly<Record<number, readonly [type: string, code: string | null]>> = {
  400: ['invalid_request_error', null],
  401: ['invalid_request_error', 'invalid_api_key'],
  403: ['invalid_request_error', 'permission_denied'],
  404: ['invalid_request_error', 'model_not_found'],
  413: ['invalid_request_error', null],
  429: ['requests', 'rate_limit_exceeded'],
  503: ['server_error', 'server_is_overloaded'],
};

export function errorBody({ status, message, details }: Refusal): unknown {
  const [type, code] = KINDS[status] ?? [status < 500 ? 'invalid_request_error' : 'server_error', null];
  return {
    error: {
      message,
      type: details.type ?? type,
      param: details.param ?? null,
      code: details.code ?? code,
    },
  };
}
