/** What the gateway said instead of an answer. */
export class GatewayFailure extends Error {
  constructor(
    /** 0: it was not reached. */
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'GatewayFailure';
  }
}

/** Of whatever was thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** @throws GatewayFailure */
export function get<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return ask<Answer>(path, { signal });
}

/** @throws GatewayFailure */
export function post<Answer>(path: string, body: object): Promise<Answer> {
  return ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** @throws GatewayFailure */
export function remove(path: string): Promise<null> {
  return ask(path, { method: 'DELETE' });
}

async function ask<Answer>(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(path, { cache: 'no-store', ...init }).catch((error: unknown) => {
    if (init.signal?.aborted) {
      throw error;
    }
    throw new GatewayFailure(0, 'The gateway cannot be reached.');
  });
  const text = await response.text();
  if (!response.ok) {
    throw new GatewayFailure(response.status, messageIn(text) ?? `The gateway answered ${response.status}.`);
  }
  return (text === '' ? null : JSON.parse(text)) as Answer;
}

function messageIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { message?: string } }).error?.message;
  } catch {
    return undefined; // a proxy's page
  }
}
