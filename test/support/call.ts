import type { Call } from '@app/shared';

/** A call as the guard opens it, but for what a test cares about. */
export function aCall(some: Partial<Call> = {}): Call {
  return {
    id: '0199-call',
    projectId: 'project-1',
    keyId: 'key-1',
    receivedAt: Date.UTC(2026, 10, 24),
    startedAt: 1_000_000,
    strict: false,
    annotate: true,
    bodyLimitBytes: 1000,
    fileLimitBytes: 1000,
    defaultChatModel: null,
    defaultTranscriptionModel: null,
    permission: null,
    quota: null,
    tokens: null,
    routing: null,
    cache: null,
    signal: new AbortController().signal,
    ...some,
  };
}
