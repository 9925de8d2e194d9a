import { failureOf } from '../api/client.js';
import { eventData } from './event-data.js';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** What a call came to, as far as its answer says. */
export interface Told {
  readonly usage?: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly cost?: number;
  };
  readonly x_llmhub?: {
    readonly provider: string;
    readonly model: string;
    readonly cached: boolean;
    readonly response_time: number;
    readonly attempts: number;
    readonly warnings: readonly unknown[];
  };
}

export interface Chat {
  /** A project's. */
  readonly key: string;
  readonly model: string;
  readonly messages: readonly Message[];
  /** Null: as the model likes. */
  readonly maxTokens: number | null;
  readonly signal: AbortSignal;
}

interface Listener {
  /** Its id, by which it is found on record. */
  opened(id: string): void;
  piece(text: string): void;
}

/** The session of the dashboard goes on when it is a project's key that does not work. */
export class CallRefused extends Error {
  constructor(status: number, message: string) {
    super(`${status}: ${message}`);
    this.name = 'CallRefused';
  }
}

/** @throws CallRefused */
export async function modelsOf(key: string): Promise<string[]> {
  const response = await callAs(key, '/v1/models');
  const { data } = (await response.json()) as { readonly data: readonly { readonly id: string }[] };
  return data.map(({ id }) => id);
}

/**
 * Asks a model, and tells its answer as it comes.
 *
 * @throws CallRefused, also where the answer breaks off
 */
export async function converse({ key, signal, ...chat }: Chat, listener: Listener): Promise<Told> {
  const response = await callAs(key, '/v1/chat/completions', {
    method: 'POST',
    signal,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(bodyOf(chat)),
    opened: listener.opened,
  });
  let told: Told = {};
  for await (const data of eventData(chunksOf(response))) {
    if (data === '[DONE]') {
      return told;
    }
    const { choices = [], error, usage, x_llmhub } = JSON.parse(data) as Chunk;
    if (error) {
      throw new CallRefused(response.status, error.message);
    }
    listener.piece(choices.map(({ delta }) => delta?.content ?? '').join(''));
    told = { ...told, ...(usage && { usage }), ...(x_llmhub && { x_llmhub }) };
  }
  throw new CallRefused(response.status, 'The answer broke off.');
}

/** Not every browser lets a body be iterated. */
async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  for (let chunk = await reader?.read(); chunk?.value; chunk = await reader?.read()) {
    yield chunk.value;
  }
}

interface Chunk extends Told {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly error?: { readonly message: string };
}

function bodyOf({ model, messages, maxTokens }: Omit<Chat, 'key' | 'signal'>): object {
  return {
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
    ...(maxTokens !== null && { max_completion_tokens: maxTokens }),
  };
}

interface Asking extends RequestInit {
  readonly headers?: Record<string, string>;
  readonly opened?: Listener['opened'];
}

/** Asks as an application of the project would. @throws CallRefused */
export async function callAs(key: string, path: string, { opened, ...init }: Asking = {}): Promise<Response> {
  const headers = { ...init.headers, authorization: `Bearer ${key}` };
  const response = await fetch(path, { ...init, headers, cache: 'no-store', credentials: 'omit' });
  opened?.(response.headers.get('x-request-id') ?? '');
  if (!response.ok) {
    throw new CallRefused(response.status, failureOf(response.status, await response.text()).message);
  }
  return response;
}
