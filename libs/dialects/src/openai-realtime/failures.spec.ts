import { failureIn } from './failures.js';

const failed = (error: object | undefined) => ({
  type: 'response.done',
  response: { status: 'failed', status_details: { type: 'failed', error } },
});
const error = (told: object) => ({ type: 'error', error: told });

describe('what an event says of a failure', () => {
  it.each([
    ['an answer that the server failed', failed({ type: 'server_error', code: null }), 500],
    ['an answer that failed without a word', failed(undefined), 500],
    ['an answer that was too much for the minute', failed({ code: 'rate_limit_exceeded' }), 429],
    ['an answer that the request forbade', failed({ type: 'invalid_request_error' }), 400],
    ['an answer against the policy', failed({ code: 'content_policy_violation' }), 400],
    ['an error of the server', error({ type: 'server_error', message: 'Sorry' }), 500],
    ['an error of the caller', error({ type: 'invalid_request_error', code: 'missing_item' }), 400],
    ['an error of nobody', error({}), 400],
  ])('is, of %s, who was at fault', (_, event, status) => {
    expect(failureIn(event)).toMatchObject({ status });
  });

  it.each(['completed', 'cancelled', 'incomplete'])('is nothing, of an answer that is %s', status => {
    expect(failureIn({ type: 'response.done', response: { status } })).toBeNull();
  });

  it('is nothing, of all else', () => {
    expect(failureIn({ type: 'session.updated', session: {} })).toBeNull();
  });
});
