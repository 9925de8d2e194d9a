import { InvalidRequestError, UpstreamError } from '@app/shared';
import { refusalIn, refusedAgain } from './kept-refusal.js';

const refused = (message: string, more: object = {}): UpstreamError =>
  new UpstreamError({ vendor: 'anthropic', upstreamStatus: 400, message, ...more });

describe('what a vendor always says to a request', () => {
  it('is what it said of the request', () => {
    const error = refused('max_tokens: must be at least 1', { code: 'invalid_value', param: 'max_tokens' });
    const refusal = refusalIn(error);

    expect(refusal).toMatchObject({ status: 400, code: 'invalid_value', param: 'max_tokens' });
    expect({ ...refusedAgain('anthropic', refusal as NonNullable<typeof refusal>) }).toEqual({ ...error });
  });

  it.each([
    ['the account', refused('Your credit balance is too low to access the Anthropic API.')],
    ['the key', refused('API key not valid. Please pass a valid API key.')],
    ['the organisation', refused('This organization has been disabled.')],
    ['where it is asked from', refused('User location is not supported.', { code: 'unsupported_region' })],
    ['what is final for now', refused('No.', { final: true })],
    ['one that is gone', refused('The model does not exist.', { upstreamStatus: 404 })],
    ['too many', refused('Slow down.', { upstreamStatus: 429 })],
    ['no vendor', new InvalidRequestError('No.')],
    ['none of ours', new TypeError('x is undefined')],
  ])('is not what is about %s', (_what, error) => {
    expect(refusalIn(error)).toBeNull();
  });
});
