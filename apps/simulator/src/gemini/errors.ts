import type { Refusal } from '../refusal.js';

const STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

export function errorBody({ status, message, details }: Refusal): unknown {
  const fallback = status < 500 ? 'FAILED_PRECONDITION' : 'INTERNAL';
  return {
    error: {
      code: status,
      message,
      status: details.type ?? STATUSES[status] ?? fallback,
      ...detailList(details),
    },
  };
}

function detailList({ retryAfter, code }: Refusal['details']): { details?: readonly unknown[] } {
  if (retryAfter !== undefined) {
    return {
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfter}s` }],
    };
  }
  return code === undefined
    ? {}
    : {
        details: [
          { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: code, domain: 'googleapis.com' },
        ],
      };
}
