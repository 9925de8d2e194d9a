import { GatewayError, InvalidRequestError, type UpstreamError } from '@app/shared';
import { writeGeminiError } from './error.writer.js';
import { geminiVendor } from './vendor.js';

function read(status: number, body: unknown, headers = {}): UpstreamError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return geminiVendor.readError({ vendor: 'google', status, headers, body: text });
}

const RETRY = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' };
const BAD_KEY = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' };

const word = (status: number) =>
  (writeGeminiError(new GatewayError('No.', { status, type: 't' }), 'id')['error'] as { status: string })
    .status;

describe('an error of the vendor', () => {
  it('keeps status, message and word', () => {
    const error = { code: 400, message: 'Bad role.', status: 'INVALID_ARGUMENT' };
    for (const body of [{ error }, [{ error }]]) {
      expect(read(400, body)).toMatchObject({
        status: 400,
        upstreamStatus: 400,
        message: 'Bad role.',
        code: 'INVALID_ARGUMENT',
        retryable: false,
      });
    }
  });

  it('tells when to come back', () => {
    const quota = { violations: [{ quotaId: 'GenerateRequestsPerDay' }] };
    const error = { code: 429, message: 'Quota.', status: 'RESOURCE_EXHAUSTED', details: [quota, RETRY] };
    expect(read(429, { error })).toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
      retryAfterMs: 34_400,
      retryable: true,
    });
    expect(read(503, '', { 'retry-after': '2' })).toMatchObject({ status: 503, retryAfterMs: 2000 });
    expect(read(503, '').retryAfterMs).toBeUndefined();
  });

  it.each([
    [400, { message: 'API key not valid. Please pass a valid API key.', details: [BAD_KEY] }, 401],
    [400, { message: 'API key expired. Please renew the API key.' }, 401],
    [403, { message: 'Your key AIzaSyA1234567890 was reported as leaked.' }, 403],
  ])('about the key (%i) is the gateway’s, and says nothing of it', (status, error, upstreamStatus) => {
    const { message, ...rest } = read(status, { error });
    expect(rest).toMatchObject({ status: 502, upstreamStatus, retryable: false });
    expect(message).toBe(
      `The vendor 'google' refused the gateway's own key or account (status ${upstreamStatus}).`,
    );
  });

  it('is read in a time that grows with its length only', () => {
    const message = `key:${' '.repeat(900_000)}x`; // anything quadratic would take hours

    expect(read(400, { error: { message } }).message).toBe(message);
  });

  it('never holds a key', () => {
    const keys =
      'AIzaSyA1234567890 AQ.Ab8RN6K_1234567890 https://x/?a=1&key=secret1, key=secret2 key: secret3';
    const { message, cause } = read(404, { error: { message: `No model; ${keys}` } });
    for (const text of [message, (cause as Error).message]) {
      expect(text).toMatch(/^No model;/);
      expect(text).not.toMatch(/AIza|AQ\.|secret/);
    }
  });

  it.each(['', '<html>Bad Gateway</html>', '[]', 'null', '{"error":"x"}', '{"error":{"code":50'])(
    'may be anything: %s',
    body => {
      expect(read(502, body)).toMatchObject({
        status: 502,
        retryable: true,
        message: "The vendor 'google' answered with status 502 and no explanation.",
      });
    },
  );
});

describe('an error for the caller', () => {
  it('is said in Google’s words', () => {
    expect([400, 401, 402, 403, 404, 409, 413, 422, 429].map(word)).toEqual([
      'INVALID_ARGUMENT',
      'UNAUTHENTICATED',
      'FAILED_PRECONDITION',
      'PERMISSION_DENIED',
      'NOT_FOUND',
      'ABORTED',
      'INVALID_ARGUMENT',
      'INVALID_ARGUMENT',
      'RESOURCE_EXHAUSTED',
    ]);
    expect([500, 502, 503, 504, 529].map(word)).toEqual([
      'INTERNAL',
      'INTERNAL',
      'UNAVAILABLE',
      'DEADLINE_EXCEEDED',
      'UNAVAILABLE',
    ]);
  });

  it('names the field, the reason, and the time to wait', () => {
    const type = 'type.googleapis.com/google.rpc.';
    const requestInfo = { '@type': `${type}RequestInfo`, requestId: 'id' };
    expect(writeGeminiError(new InvalidRequestError('Say more.', 'contents'), 'id')).toEqual({
      error: {
        code: 400,
        message: 'Say more.',
        status: 'INVALID_ARGUMENT',
        details: [
          { '@type': `${type}ErrorInfo`, reason: 'INVALID_REQUEST', domain: 'llmhub' },
          {
            '@type': `${type}BadRequest`,
            fieldViolations: [{ field: 'contents', description: 'Say more.' }],
          },
          requestInfo,
        ],
      },
    });
    const slow = new GatewayError('Slowly.', { status: 429, type: 't', retryAfterMs: 1500 });
    expect(writeGeminiError(slow, 'id')).toMatchObject({
      error: { code: 429, details: [{ '@type': `${type}RetryInfo`, retryDelay: '1.5s' }, requestInfo] },
    });
  });

  it('tells the same wait that a vendor dialect reads', () => {
    const slow = new GatewayError('Slowly.', { status: 429, type: 't', retryAfterMs: 34_400.2 });
    expect(read(429, writeGeminiError(slow, 'id')).retryAfterMs).toBe(34_401);
  });
});
