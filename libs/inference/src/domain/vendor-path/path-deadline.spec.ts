import { once } from 'node:events';
import { UpstreamTimeoutError } from '@app/shared';
import { PathDeadline, refuseChoices } from './path-deadline.js';

const callers = new AbortController().signal;

describe('the deadline of a call to a path of a vendor', () => {
  it.each([null, {}, { tags: 'batch' }])('is none with %j', routing => {
    const deadline = new PathDeadline({ routing, signal: callers }, 'openai');
    expect(deadline.signal).toBe(callers);
    deadline.end();
  });

  it('breaks it off, and says who was late', async () => {
    const { signal } = new PathDeadline({ routing: { timeoutMs: '100' }, signal: callers }, 'openai');
    await once(signal, 'abort');
    expect(signal.reason).toBeInstanceOf(UpstreamTimeoutError);
    expect(signal.reason).toMatchObject({ status: 504, message: expect.stringContaining("'openai'") });
  });

  it('lets the caller leave before', () => {
    const leaving = new AbortController();
    const call = { routing: { timeoutMs: '60000' }, signal: leaving.signal };
    const deadline = new PathDeadline(call, 'openai');
    leaving.abort('left');
    expect([deadline.signal.aborted, deadline.signal.reason]).toEqual([true, 'left']);
    deadline.end();
  });

  it.each(['99', '3600001', 'soon'])('is refused by name: %s', timeoutMs => {
    expect(() => new PathDeadline({ routing: { timeoutMs }, signal: callers }, 'openai')).toThrow(
      expect.objectContaining({ status: 400, param: 'x-llmhub-timeout-ms' }),
    );
  });
});

describe('a choice where the caller has named the vendor', () => {
  it.each([
    ['x-llmhub-models', { models: 'openai/gpt-5' }],
    ['x-llmhub-provider', { provider: '{}' }],
    ['x-llmhub-max-attempts', { maxAttempts: '1', timeoutMs: '500' }],
  ])('is refused by name: %s', (param, routing) => {
    expect(() => refuseChoices({ routing })).toThrow(expect.objectContaining({ status: 400, param }));
  });

  it('is none in labels and a deadline', () => {
    expect(() => refuseChoices({ routing: { tags: 'a', metadata: '{}', timeoutMs: '500' } })).not.toThrow();
    expect(() => refuseChoices({ routing: null })).not.toThrow();
  });
});
