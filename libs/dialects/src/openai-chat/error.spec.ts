import { InvalidRequestError, UpstreamError } from '@app/shared';
import type { VendorFailure } from '../domain/dialect.js';
import { readAnswer } from './answer.reader.js';
import { readError } from './error.reader.js';
import { writeOpenAiError, writeStreamError } from './error.writer.js';

function read(failure: Partial<VendorFailure> & { json?: unknown }): UpstreamError {
  const { json, ...rest } = failure;
  return readError({ vendor: 'v', status: 400, headers: {}, body: JSON.stringify(json) ?? '', ...rest });
}

describe('errors of chat vendors', () => {
  it.each([
    ['OpenAI', { error: { message: 'Bad.', type: 't', param: 'seed', code: 'c' } }, 'Bad.'],
    ['Ollama', { error: 'Bad.' }, 'Bad.'],
    ['Mistral', { object: 'error', message: 'Bad.', type: 't', code: '1' }, 'Bad.'],
    ['FastAPI', { detail: [{ msg: 'Bad.' }] }, '[{"msg":"Bad."}]'],
    ['Deepgram', { err_code: 'Bad Request', err_msg: 'Bad.', request_id: 'r' }, 'Bad.'],
    ['ElevenLabs', { detail: { status: 'invalid_parameters', message: 'Bad.' } }, 'Bad.'],
    ['Google', [{ error: { code: 400, message: 'Bad.', status: 'INVALID_ARGUMENT' } }], 'Bad.'],
    ['OpenRouter', { error: { code: 400, message: 'Failed', metadata: { raw: 'Bad.' } } }, 'Failed: Bad.'],
    ['nobody', {}, "The vendor 'v' answered status 400 without saying why."],
  ])('have the message of %s', (_vendor, json, message) => {
    expect(read({ json })).toMatchObject({ message, status: 400, retryable: false });
  });

  it.each(['', '<html><h1>Bad gateway</h1></html>', '{"error": {"mess'])('survive the body %j', body => {
    expect(read({ status: 502, body })).toMatchObject({ status: 502, retryable: true });
  });

  it('never show a key, nor what is between the operator and the vendor', () => {
    const message = 'Incorrect API key provided: sk-proj-abcdefghijkl.';

    expect(read({ json: { error: { message } } }).message).not.toContain('abcdefghijkl');
    expect(read({ status: 401, json: { error: { message } } })).toMatchObject({
      status: 502,
      message: "The vendor 'v' refused the gateway's credentials (status 401).",
    });
  });

  it.each([
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('say from %j when to come back', (headers, ms) => {
    expect(read({ status: 429, headers, json: {} }).retryAfterMs).toBe(ms);
  });

  it('are final when the vendor says so, or when the key is wrong', () => {
    const headers = { 'x-should-retry': 'false' };

    expect(read({ status: 500, headers })).toMatchObject({ retryable: false, shouldRetry: false });
    expect(read({ status: 500 })).toMatchObject({ retryable: true, shouldRetry: undefined });
    expect(read({ status: 401 })).toMatchObject({ status: 502, retryable: false, shouldRetry: false });
  });

  it.each([
    [429, 'rate_limit_exceeded', true],
    [429, 'insufficient_quota', false],
    [429, 'credit_balance_exhausted', false],
    [402, 'x', false],
    [503, 'server_is_overloaded', true],
  ])('with status %d and code %s are worth a retry: %s', (status, code, retryable) => {
    expect(read({ status, json: { error: { message: 'm', code } } }).retryable).toBe(retryable);
  });

  it.each([
    ['an error', { error: { message: 'Full.', code: 429 } }, 'Full.'],
    ['an error in its choice', { choices: [{ error: { message: 'Full.', code: 429 } }] }, 'Full.'],
    [
      'a choice that broke off',
      { choices: [{ finish_reason: 'error' }] },
      "The vendor broke off with 'error'.",
    ],
    ['no choices', { id: 'x', choices: [] }, "The vendor 'v' answered something that is no chat completion."],
    ['no object', 'ok', "The vendor 'v' answered something that is no chat completion."],
  ])('are found in a 200 that is %s', (_what, body, message) => {
    const fail = () => readAnswer(body, { vendor: 'v', model: 'm', traits: {}, quirks: {} });

    expect(fail).toThrow(UpstreamError);
    expect(fail).toThrow(message);
  });
});

describe('errors for chat callers', () => {
  const error = new InvalidRequestError('Send less\u2028.', 'messages', 'too_much');

  it("have OpenAI's shape", () => {
    expect(writeOpenAiError(error)).toEqual({
      error: {
        message: 'Send less\u2028.',
        type: 'invalid_request_error',
        param: 'messages',
        code: 'too_much',
      },
    });
  });

  it('end a stream as one event', () => {
    const text = writeStreamError(error);

    expect(text).toMatch(/^data: \{"error":.*\}\n\n$/);
    expect(text).toContain('Send less\\u2028.');
  });
});
