import { concealed, UpstreamError, UpstreamTimeoutError } from './upstream.error.js';

const KEY = 'Zm9vYmFyYmF6cXV4MTIzNDU2';

const failing = (said: string): UpstreamError =>
  new UpstreamError({
    vendor: 'mistral',
    upstreamStatus: 400,
    message: `message ${said}`,
    type: `type_${said}`,
    code: `code_${said}`,
    param: `param.${said}`,
    cause: new Error(`cause ${said}`),
  });

describe('what a vendor says of its failure', () => {
  it.each(['sk-proj-0123456789', 'gsk_0123456789abcdef', 'hf_AbCdEfGhIjKlMnOpQrStUv'])(
    'holds no key by its look in any field: %s',
    key => {
      const { message, type, code, param } = failing(`(${key})`);

      expect({ message, type, code, param }).toEqual({
        message: 'message ([redacted])',
        type: 'type_([redacted])',
        code: 'code_([redacted])',
        param: 'param.([redacted])',
      });
    },
  );

  it('holds the key that it was sent nowhere, whatever that looks like', () => {
    const error = failing(KEY).without(KEY);

    expect(error).toMatchObject({
      status: 400,
      vendor: 'mistral',
      message: 'message [redacted]',
      type: 'type_[redacted]',
      code: 'code_[redacted]',
      param: 'param.[redacted]',
    });
    expect(String(error.stack) + String((error.cause as Error).stack)).not.toContain(KEY);
    expect(JSON.stringify(error)).not.toContain(KEY);
  });

  it('stays as it is where there is nothing to hide', () => {
    const error = failing('x');
    const timeout = new UpstreamTimeoutError('mistral', 1000);

    expect(error.without(KEY)).toBe(error);
    expect(error.without('')).toBe(error);
    expect(error.without('mess')).toBe(error); // too short for a key, and found in ordinary words
    expect(concealed(timeout, KEY)).toBe(timeout);
    expect(concealed('thrown', KEY)).toBe('thrown');
  });
});
