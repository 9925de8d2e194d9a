import type { Usage } from '@app/dialects';

const BYTES_PER_TOKEN = 4;

/** What a call must have cost when the vendor told nothing: marked, so that nobody takes it for a count. */
export function estimateUsage(requestBytes: number, outputTokens: number): Usage {
  return { inputTokens: Math.ceil(requestBytes / BYTES_PER_TOKEN), outputTokens, estimated: true };
}

/** Output tokens of text, in bytes. */
export function estimateTokens(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}
