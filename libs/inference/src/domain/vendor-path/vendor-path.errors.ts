import { GatewayError, UpstreamError } from '@app/shared';

/** 403: the operator has closed the vendors' own paths, to all projects or to those without a vendor key. */
export class VendorPathsClosedError extends GatewayError {
  constructor(vendor: string, mode: string) {
    super(
      mode === 'off'
        ? 'The paths of vendors are closed on this gateway. Use the endpoints below /v1.'
        : `The paths of '${vendor}' are open to projects with a key of their own for it. Ask an administrator to add one.`,
      { status: 403, type: 'permission_error', code: 'vendor_paths_closed' },
    );
  }
}

/** 403: what is done with such a key, no budget would hold, and no ledger tell. */
export class KeyMakingPathError extends GatewayError {
  constructor(vendor: string) {
    super(
      `Keys and calls that pass by the gateway are not made at '${vendor}'. For realtime sessions of browsers, make an ephemeral key ` +
        'with POST /v1/realtime/client_secrets.',
      { status: 403, type: 'permission_error', code: 'vendor_key_making' },
    );
  }
}

/** 501 */
export class WebSocketNotCarriedError extends GatewayError {
  constructor() {
    super('WebSockets are not carried to vendors yet. Use the endpoints that work over HTTP.', {
      status: 501,
      type: 'invalid_request_error',
      code: 'websocket_not_supported',
      shouldRetry: false,
    });
  }
}

/** 405: an answer to TRACE repeats the request, the vendor's key included. */
export class MethodNotCarriedError extends GatewayError {
  constructor(method: string) {
    super(`The method ${method} is not carried to vendors.`, {
      status: 405,
      type: 'invalid_request_error',
      code: 'method_not_allowed',
    });
  }
}

/** 502: following would send the vendor's key to an address that nobody configured, and telling it would name one. */
export function redirected(vendor: string): UpstreamError {
  return new UpstreamError({
    vendor,
    upstreamStatus: null,
    code: 'upstream_redirect',
    message: `The vendor '${vendor}' answers with a redirect, which is not followed. Check the path.`,
  });
}

/** 502: a 401 would tell the caller that its own key is wrong. */
export function keyRefused(vendor: string): UpstreamError {
  return new UpstreamError({
    vendor,
    upstreamStatus: 401,
    code: 'provider_key_refused',
    message: `The vendor '${vendor}' refuses the key that the gateway has for it. Ask an administrator to check it.`,
  });
}
