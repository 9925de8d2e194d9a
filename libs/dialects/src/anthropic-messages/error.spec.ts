import { GatewayError } from '@app/shared';
import { readError } from './error.reader.js';
import { writeAnthropicError } from './error.writer.js';

function failure(status: number, body: unknown, headers: Record<string, string> = {}) {
  return readError({
    vendor: 'anthropic',
    status,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

function error(type: string, message: string, details?: object) {
  return { type: 'error', error: { type, message, details }, request_id: 'req_1' };
}

describe('errors of the vendor', () => {
  it('keep message and status where the caller is at fault', () => {
    const read = failure(400, error('invalid_request_error', 'messages: too many.'));
    expect(read).toMatchObject({
      status: 400,
      upstreamStatus: 400,
      vendor: 'anthropic',
      message: 'messages: too many.',
      type: 'invalid_request_error',
      retryable: false,
    });
  });

  it('take their code from details.error_code', () => {
    const details = { error_code: 'image_dimensions_too_large' };
    expect(failure(400, error('invalid_request_error', 'Too large.', details)).code).toBe(details.error_code);
  });

  it('of rate limits may be tried again, after the time the vendor says', () => {
    const body = error('rate_limit_error', 'Slow down.');
    expect(failure(429, body, { 'retry-after': '7' })).toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
      retryable: true,
      retryAfterMs: 7000,
    });
    expect(failure(429, body, { 'retry-after-ms': '250', 'retry-after': '7' }).retryAfterMs).toBe(250);
    expect(failure(429, body, { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }).retryAfterMs).toBe(0);
    expect(failure(429, body, { 'retry-after': 'soon' }).retryAfterMs).toBeUndefined();
  });

  it.each([
    [429, error('rate_limit_error', 'Limit.', { error_code: 'enforced_spend_limit_reached' })],
    [402, error('billing_error', 'No credit.')],
    [402, ''],
  ])('of money (%d) are final', (status, body) => {
    expect(failure(status, body)).toMatchObject({ retryable: false, shouldRetry: false });
  });

  it('that the vendor calls final are final', () => {
    expect(failure(500, error('api_error', 'Oops.'), { 'x-should-retry': 'false' }).retryable).toBe(false);
  });

  it('of an overloaded vendor are 503 for callers, who may not know 529', () => {
    expect(failure(529, error('overloaded_error', 'Overloaded'))).toMatchObject({
      status: 503,
      upstreamStatus: 529,
      retryable: true,
    });
  });

  it.each([401, 402, 403])('of the key (%d) tell the caller that it is not its own', status => {
    const read = failure(status, error('authentication_error', 'invalid x-api-key sk-ant-api03-abcdefgh'));
    expect(read.status).toBe(502);
    expect(read.message).toBe(
      `The vendor 'anthropic' refused the gateway's own key or account (status ${status}).`,
    );
    expect(read.cause).toEqual(new Error('invalid x-api-key [redacted]'));
  });

  it('never hold a key', () => {
    expect(
      failure(400, error('invalid_request_error', 'Bad key sk-ant-api03-abcdefgh.')).message,
    ).not.toContain('abcdefgh');
  });

  it.each(['<html><h1>502 Bad Gateway</h1></html>', '', '{"type":"err', '[]', '{"error":"text"}'])(
    'are read from %j',
    body => {
      expect(failure(503, body)).toMatchObject({
        status: 503,
        retryable: true,
        message: "The vendor 'anthropic' answered with status 503 and no explanation.",
      });
    },
  );
});

describe("errors for Anthropic's SDK", () => {
  it.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [402, 'billing_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [413, 'request_too_large'],
    [422, 'invalid_request_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [502, 'api_error'],
    [503, 'overloaded_error'],
    [504, 'timeout_error'],
    [529, 'overloaded_error'],
  ])('%d is %s', (status, type) => {
    const written = writeAnthropicError(new GatewayError('No.', { status, type: 'any' }), 'req_1');
    expect(written).toEqual({ type: 'error', error: { type, message: 'No.' }, request_id: 'req_1' });
  });
});
