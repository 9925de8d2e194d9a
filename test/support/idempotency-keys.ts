import { randomUUID } from 'node:crypto';
import { postJson } from './post-json.js';
import type { TestGateway } from './gateway.js';

export const ORIGINAL_ID = 'x-llmhub-original-request-id';
/** A cheap question. */
export const VECTOR = { model: 'openai/text-embedding-3-small', input: 'tea' };

/** Options of a request with a key that nobody had. */
export function newKey(): { headers: Record<string, string> } {
  return { headers: { 'Idempotency-Key': randomUUID() } };
}

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Asks with these headers, and reads the answer to its end. */
export async function tell(
  gateway: TestGateway,
  at: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<Told> {
  const response = await postJson(gateway, at, body, headers);
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** Whether an answer was given before. */
export function isReplayed({ headers }: Pick<Told, 'headers'>): boolean {
  return headers.get('idempotent-replayed') === 'true';
}
