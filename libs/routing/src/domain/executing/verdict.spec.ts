import { UnsupportedFieldsError } from '@app/dialects';
import { GatewayError, InvalidRequestError, StoreUnavailableError, UpstreamTimeoutError } from '@app/shared';
import { failing } from '../../../../../test/support/scripted-errand.js';
import { judge, type Verdict } from './verdict.js';

/** The verdict as words. */
const told = (error: unknown): string => {
  const { refusal, ...flags } = judge(error) satisfies Verdict;
  const names = Object.entries(flags).flatMap(([name, is]) => (is ? [name] : []));
  return [...names, ...(refusal ? [refusal] : [])].join(' ');
};

const ours = (status: number): GatewayError =>
  new GatewayError('No.', { status, type: 'api_error', code: 'ours' });

describe('the verdict on a failed attempt', () => {
  it.each([
    [null, 'broken elsewhere again'],
    [200, 'broken elsewhere again'],
    [302, 'broken elsewhere again'],
    [400, ''],
    [401, 'elsewhere otherKey'],
    [402, 'elsewhere otherKey'],
    [403, 'elsewhere otherKey'],
    [404, 'elsewhere'],
    [405, 'elsewhere'],
    [408, 'broken elsewhere again'],
    [409, 'elsewhere again'],
    [410, 'elsewhere'],
    [413, ''],
    [415, ''],
    [422, ''],
    [425, 'elsewhere again'],
    [429, 'elsewhere again otherKey'],
    [451, ''],
    [500, 'broken elsewhere again'],
    [501, 'elsewhere'],
    [502, 'broken elsewhere again'],
    [503, 'broken elsewhere again'],
    [504, 'broken elsewhere again'],
    [529, 'broken elsewhere again'],
  ])('of the status %s', (status, verdict) => {
    expect(told(failing(status))).toBe(verdict);
  });

  it.each<[string, unknown, string]>([
    ['a time-out', new UpstreamTimeoutError('x', 1000), 'broken elsewhere again'],
    ['a quota that is gone', failing(429, { final: true }), 'elsewhere otherKey'],
    ['a prompt that is too long', failing(400, { code: 'context_length_exceeded' }), 'contextWindow'],
    ['a prompt that is not wanted', failing(400, { code: 'content_filter' }), 'contentPolicy'],
    [
      'a failure that speaks of the context',
      failing(500, { message: 'context window' }),
      'broken elsewhere again',
    ],
    [
      'what the vendor cannot do',
      new UnsupportedFieldsError([{ action: 'dropped', field: 'n', detail: 'No.' }], 'x'),
      'elsewhere',
    ],
    ['no key for the vendor', ours(502), 'elsewhere'],
    ['a key that cannot be opened', ours(500), 'elsewhere'],
    ['a gateway that stops', ours(503), ''],
    ['a store that is down', new StoreUnavailableError(), ''],
    ['a wrong request', new InvalidRequestError('No.'), ''],
    ['a scope', ours(403), ''],
    ['a defect of ours', new TypeError('undefined is not a function'), ''],
    ['no error at all', 'thrown', ''],
  ])('on %s', (_, error, verdict) => {
    expect(told(error)).toBe(verdict);
  });
});
