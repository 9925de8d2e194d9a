import { GatewayError } from '@app/shared';

/** 403: the key is for some models, and the field could make the vendor take another. */
export class ModelChoiceError extends GatewayError {
  constructor(field: string) {
    super(
      `This API key is limited to some models, and '${field.slice(0, 100)}' could choose another. Leave it out, or use ` +
        'a key without that limit.',
      { status: 403, type: 'permission_error', code: 'outside_scope', param: field.slice(0, 100) },
    );
  }
}

/** 404: the project may not call it, or its vendor does not list it. */
export class ModelNotListedError extends GatewayError {
  constructor(name: string, why: string) {
    super(`The model '${name.slice(0, 200)}' is not on the list. ${why} GET /v1/models lists the others.`, {
      status: 404,
      type: 'invalid_request_error',
      code: 'model_not_found',
      param: 'model',
    });
  }
}

/** 404: the project made no such call. */
export class UnknownGenerationError extends GatewayError {
  constructor(id: string) {
    super(
      `This project made no call '${id}'. Send the \`x-request-id\` of one of its answers as \`id\`, or the vendor's id ` +
        'of the answer.',
      { status: 404, type: 'invalid_request_error', code: 'generation_not_found', param: 'id' },
    );
  }
}

/** 499 in the ledger; never sent, since nobody is there to read it. */
export class CallerLeftError extends GatewayError {
  constructor() {
    super('The caller closed the connection.', {
      status: 499,
      type: 'invalid_request_error',
      code: 'caller_left',
    });
  }
}

/** 503: the gateway stops, and its deadline for open answers is over. */
export class ShuttingDownError extends GatewayError {
  constructor() {
    super('The gateway is shutting down. Try again.', {
      status: 503,
      type: 'service_unavailable_error',
      code: 'shutting_down',
      retryAfterMs: 1000,
    });
  }
}

/** 502: the target would answer anew and not go on with what was said. Another one is asked. */
export class NoPrefillError extends GatewayError {
  constructor(target: string) {
    super(`'${target}' cannot go on with an answer that another model began.`, {
      status: 502,
      type: 'upstream_error',
      code: 'cannot_go_on',
    });
  }
}

/** 504: the caller wants an answer of the cache or none, as RFC 9111 says it of `only-if-cached`. */
export class CacheMissError extends GatewayError {
  constructor() {
    super(
      'No answer to this request is kept, and you asked for no other. Leave `x-llmhub-cache: only` (or `Cache-Control: ' +
        'only-if-cached`) out to have the model asked.',
      { status: 504, type: 'cache_miss_error', code: 'cache_miss', shouldRetry: false },
    );
  }
}
