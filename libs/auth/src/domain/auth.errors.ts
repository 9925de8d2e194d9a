import { GatewayError, type Role } from '@app/shared';

type Door = 'project' | 'admin' | 'session';

const HOW: Readonly<Record<Door, string>> = {
  project: 'Send a project key (`pk_…`) as `Authorization: Bearer …`, `x-api-key` or `x-goog-api-key`.',
  session: 'Have your server make an ephemeral key with `POST /v1/realtime/client_secrets`.',
  admin: 'Send an admin key (`ak_…`) as `Authorization: Bearer …`.',
};

/** 401 */
export class MissingApiKeyError extends GatewayError {
  constructor(door: Door = 'project') {
    super(`There is no API key in the request. ${HOW[door]}`, {
      status: 401,
      type: 'authentication_error',
      code: 'missing_api_key',
    });
  }
}

/** 401: an address is kept by every proxy on its way. */
export class KeyInUrlError extends GatewayError {
  constructor() {
    super(
      'A key in the address ends up in logs, and is not taken there. Send it as `Authorization: Bearer …`; from a browser, an ' +
        'ephemeral one as the subprotocol `openai-insecure-api-key.…`, beside `realtime`. Make a new key in place of this one.',
      { status: 401, type: 'authentication_error', code: 'key_in_url' },
    );
  }
}

/** 401: unknown, expired or revoked; which of them is not for strangers to know. */
export class InvalidApiKeyError extends GatewayError {
  constructor(door: Door = 'project') {
    super(`The API key is not valid. ${HOW[door]}`, {
      status: 401,
      type: 'authentication_error',
      code: 'invalid_api_key',
    });
  }
}

/** 401: an ephemeral key is for browsers, whose users read it. */
export class SessionKeyOnlyError extends GatewayError {
  constructor() {
    super(
      'An ephemeral key (`ek_…`) opens realtime sessions, by WebSocket, and nothing else. Ask your server to make this call.',
      { status: 401, type: 'authentication_error', code: 'session_key_only' },
    );
  }
}

/** 401 */
export class SessionKeyExpiredError extends GatewayError {
  constructor() {
    super(`The ephemeral key has expired. ${HOW.session}`, {
      status: 401,
      type: 'authentication_error',
      code: 'session_key_expired',
    });
  }
}

/** 401: it expired, its key is another or revoked, or it never was one; which of them is not for strangers to know. */
export class SessionOverError extends GatewayError {
  constructor() {
    super('The session is over. Log in again with an admin key: `POST /admin/session`.', {
      status: 401,
      type: 'authentication_error',
      code: 'session_over',
    });
  }
}

/** 403: what a browser sends by itself proves nothing about who wants it. */
export class CrossOriginError extends GatewayError {
  constructor() {
    super(
      "With a session only the gateway's own pages change something. Send an admin key (`ak_…`) as `Authorization: Bearer …`.",
      { status: 403, type: 'permission_error', code: 'cross_origin' },
    );
  }
}

/** 403 */
export class ProjectSuspendedError extends GatewayError {
  constructor() {
    super('The project of this API key is suspended. Ask an administrator to activate it.', {
      status: 403,
      type: 'permission_error',
      code: 'project_suspended',
    });
  }
}

/** 403: until its grace is over, the project can be restored. */
export class ProjectDeletedError extends GatewayError {
  constructor() {
    super('The project of this API key is deleted. Ask an administrator to restore it.', {
      status: 403,
      type: 'permission_error',
      code: 'project_deleted',
    });
  }
}

/** 403: the admin key is good, but its role does not reach. */
export class RoleRequiredError extends GatewayError {
  constructor(needed: Role, role: Role) {
    super(`This needs the role '${needed}'; the key has the role '${role}'. Ask an owner.`, {
      status: 403,
      type: 'permission_error',
      code: 'role_required',
    });
  }
}

/** 403: the key is good, but opens a project only. */
export class AdminOnlyError extends GatewayError {
  constructor() {
    super(`A project key does not open the management API. ${HOW.admin}`, {
      status: 403,
      type: 'permission_error',
      code: 'admin_key_required',
    });
  }
}

/** 429: too many wrong keys came from one address. Those that worked lately still do; others are not looked up. */
export class TooManyWrongKeysError extends GatewayError {
  constructor(retryAfterMs: number) {
    super('Too many wrong keys came from this address. Check the key, and wait before you try again.', {
      status: 429,
      type: 'rate_limit_error',
      code: 'too_many_wrong_keys',
      retryAfterMs,
      shouldRetry: false,
    });
  }
}
