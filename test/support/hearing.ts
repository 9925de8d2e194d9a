import { readFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from './eventually.js';
import type { TestGateway } from './gateway.js';

export const HELLO = readFileSync(path.resolve(import.meta.dirname, '../../samples/hello.wav'));

export const AT = '/v1/audio/transcriptions';

export interface Asked {
  /** Of the form, besides its model. */
  readonly fields?: Record<string, string>;
  readonly headers?: object;
  readonly file?: Buffer;
  readonly name?: string;
  readonly path?: string;
  readonly key?: string;
  readonly signal?: AbortSignal;
}

export interface Heard {
  readonly status: number;
  readonly cache: string | null;
  readonly id: string | null;
  readonly cost: string | null;
  readonly text: string;
}

/** Has a recording transcribed. */
export async function hearAs(
  gateway: TestGateway,
  { fields, headers, file = HELLO, name = 'hello.wav', key = gateway.projectKey, ...asked }: Asked = {},
): Promise<Heard> {
  const form = new FormData();
  form.append('file', new File([new Uint8Array(file)], name, { type: 'audio/wav' }));
  for (const [field, value] of Object.entries({ model: 'openai/whisper-1', ...fields })) {
    form.append(field, value);
  }
  const { signal } = asked;
  const response = await gateway.call(asked.path ?? AT, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: form,
    ...(signal && { signal }),
  });
  return {
    status: response.status,
    cache: response.headers.get('x-llmhub-cache'),
    id: response.headers.get('x-request-id'),
    cost: response.headers.get('x-llmhub-cost-usd'),
    text: await response.text(),
  };
}

/** All but what is told of one call. */
export function said(answer: string | Record<string, unknown>): unknown {
  if (typeof answer === 'string' && !answer.startsWith('{')) {
    return answer;
  }
  const body = (typeof answer === 'string' ? JSON.parse(answer) : answer) as Record<string, unknown>;
  const { usage: _usage, x_llmhub: _llmhub, ...rest } = body;
  return rest;
}

/** Those of a stream. */
export function eventsOf(stream: string): Record<string, unknown>[] {
  return stream
    .split('\n')
    .filter(line => line.startsWith('data: {'))
    .map(line => JSON.parse(line.slice(6)) as Record<string, unknown>);
}

/** What the history answers. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly data?: Record<string, unknown>[] };
}

export async function ask(gateway: TestGateway, key: string, at = AT, method = 'GET'): Promise<Answer> {
  const response = await gateway.call(at, { method, headers: { authorization: `Bearer ${key}` } });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

/** What is on record, latest first, once it is so many. */
export function recorded(
  gateway: TestGateway,
  key: string,
  count: number,
  query = '',
): Promise<Record<string, unknown>[]> {
  return eventually(async () => {
    const { data = [] } = (await ask(gateway, key, AT + query)).body;
    expect(data).toHaveLength(count);
    return data;
  });
}
