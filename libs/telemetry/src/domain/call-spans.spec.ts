import type { AttemptMade, CallCourse, UsageRecord } from '@app/analytics';
import { aUsageRecord } from '../../../../test/support/usage-record.js';
import { toldCall } from './call-spans.js';
import type { ToldCall } from './told-call.js';

const T0 = Date.UTC(2026, 10, 28);
const trace = { method: 'POST', traceparent: undefined, tracestate: undefined };

function told(
  record: Partial<UsageRecord>,
  attempts: readonly Partial<AttemptMade>[] = [],
  course: Partial<CallCourse> = {},
): ToldCall {
  const attemptsMade = attempts.map(attempt => ({
    target: 'openai/gpt-4o',
    startedMs: 0,
    ms: 10,
    status: 200,
    error: null,
    ...attempt,
  }));
  const call = { startedAt: 5000, trace };
  return toldCall(
    {
      record: aUsageRecord({ receivedAt: T0, ...record }),
      course: { call, askedAt: null, gaps: null, attemptsMade, ...course },
      endedAt: 5100,
    },
    () => null,
  );
}

const spans = ({ attempts }: ToldCall): unknown[] =>
  attempts.map(({ name, startedAt, endedAt, isError, attributes }) => [
    name,
    startedAt - T0,
    endedAt - T0,
    isError ? attributes['error.type'] : null,
  ]);

it('a call that was not planned has one attempt, from when its vendor was asked to its end', () => {
  expect(spans(told({}, [], { askedAt: 5002.5 }))).toEqual([['chat gpt-4o', 2.5, 100, null]]);
});

it('an attempt that failed ends where it failed, and has no usage', () => {
  const { attempts } = told({ attempts: 2 }, [
    { status: 429, error: 'rate_limit_exceeded', ms: 7 },
    { target: 'anthropic/claude', startedMs: 20 },
  ]);

  expect(spans(told({ attempts: 2 }, [{ error: 'upstream_unreachable', ms: 7 }, { startedMs: 20 }]))).toEqual(
    [
      ['chat gpt-4o', 0, 7, 'upstream_unreachable'],
      ['chat gpt-4o', 20, 100, null],
    ],
  );
  expect(attempts.map(({ attributes }) => attributes['gen_ai.usage.input_tokens'])).toEqual([
    undefined,
    1000,
  ]);
});

it('one that was outrun is no error, and one that was not made is none at all', () => {
  const hedged = told({ attempts: 2 }, [{ error: 'slower', ms: 30 }, { startedMs: 15 }]);
  const poor = told({ outcome: 'failed', status: 503 }, [
    { error: 'upstream_error', status: 500 },
    { error: 'retry_budget', status: null },
  ]);

  expect(spans(hedged)).toEqual([
    ['chat gpt-4o', 0, 30, null],
    ['chat gpt-4o', 15, 100, null],
  ]);
  expect(spans(poor)).toEqual([['chat gpt-4o', 0, 10, 'upstream_error']]);
});

it('a stream that broke off is an error of its vendor and of the call, though its status was 200', () => {
  const cut = told({ outcome: 'cut', stream: true, errorCode: 'upstream_cut' }, [{ error: 'upstream_cut' }]);

  expect(spans(cut)).toEqual([['chat gpt-4o', 0, 100, 'upstream_cut']]);
  expect(cut.served).toMatchObject({ isError: true, attributes: { 'error.type': 'upstream_cut' } });
  expect(cut.stream).toBeNull();
});

it('who leaves makes no error of it', () => {
  const left = told({ outcome: 'aborted', status: 499, errorCode: 'caller_left' }, [
    { error: 'caller_left' },
  ]);

  expect(left.served).toMatchObject({ isError: false, attributes: { 'error.type': 'caller_left' } });
  expect(spans(left)).toEqual([['chat gpt-4o', 0, 100, null]]);
});

it('an answer of the cache asked nobody, and used nothing', () => {
  const hit = told({ cached: true, attempts: 0 });

  expect(hit).toMatchObject({
    attempts: [],
    tokens: null,
    served: { attributes: { 'llmhub.cached': true } },
  });
});

it('of an attempt that was given up only the tokens are told: the call that gave it up has its span', () => {
  expect(told({ errorCode: 'attempt_abandoned', outcome: 'aborted' })).toMatchObject({
    served: null,
    attempts: [],
    tokens: { input: 1000, output: 100 },
  });
});

it('a stream tells when its first token came, and how long the others took', () => {
  const { stream, attempts } = told({ stream: true, firstTokenMs: 40, outputTokens: 31 }, [
    { startedMs: 10 },
  ]);

  expect(stream).toEqual({ firstTokenSeconds: 0.04, tokenSeconds: 0.002 });
  expect(attempts[0]?.firstChunkSeconds).toBe(0.03);
});

it.each([
  ['/v1/messages', 'chat'],
  ['/v1/responses', 'chat'],
  ['/v1/completions', 'text_completion'],
  ['/v1beta/models/{model}:streamGenerateContent', 'generate_content'],
  ['/v1/embeddings', 'embeddings'],
  ['/v1/audio/speech', 'speech'],
  ['/v1/audio/translations', 'transcription'],
  ['/v1/messages/count_tokens', 'count_tokens'],
  ['/v1/realtime', 'realtime'],
  ['/openai/v1/files', 'request'],
])('%s is called %s', (endpoint, operation) => {
  expect(told({ endpoint }).labels['gen_ai.operation.name']).toBe(operation);
});

it('a name that holds a key is not told', () => {
  const key = `sk-proj-${'a1B2'.repeat(12)}`;

  expect(JSON.stringify(told({ modelAsked: key, modelSent: key }))).not.toContain(key);
});
