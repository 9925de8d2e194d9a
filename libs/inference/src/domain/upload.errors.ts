import { GatewayError } from '@app/shared';

/** 413: the uploaded file, not the form around it. */
export class FileTooLargeError extends GatewayError {
  constructor(limitBytes: number, field: string) {
    super(
      `The file is larger than ${limitBytes} bytes. Send a shorter or more compressed one, or raise the limit.`,
      {
        status: 413,
        type: 'invalid_request_error',
        code: 'file_too_large',
        param: field,
      },
    );
  }
}

/** 503: the gateway's disk takes no upload. */
export class FileStoreError extends GatewayError {
  constructor(cause: unknown) {
    super('The gateway cannot keep the uploaded file at the moment. Try again later.', {
      status: 503,
      type: 'api_error',
      code: 'file_store_unavailable',
      retryAfterMs: 10_000,
      cause,
    });
  }
}
