/** What the gateway said instead of an answer. */
export class GatewayFailure extends Error {
  constructor(
    /** 0: it was not reached. */
    readonly status: number,
    message: string,
    /** The field that it is about, as the gateway calls it. */
    readonly param: string | null = null,
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
export function post<Answer>(path: string, body: object = {}): Promise<Answer> {
  return send('POST', path, body);
}

/** @throws GatewayFailure */
export function patch<Answer>(path: string, body: object): Promise<Answer> {
  return send('PATCH', path, body);
}

/** @throws GatewayFailure */
export function remove(path: string): Promise<unknown> {
  return ask(path, { method: 'DELETE' });
}

/**
 * Puts what is made of what is there now.
 *
 * @throws GatewayFailure, 412 where somebody else changed it meanwhile
 */
export async function replace<Now extends { readonly version: number }>(
  path: string,
  change: (now: Now) => object,
): Promise<void> {
  const now = await get<Now>(path);
  await ask(path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'if-match': `"${now.version}"` },
    body: JSON.stringify(change(now)),
  });
}

function send<Answer>(method: string, path: string, body: object): Promise<Answer> {
  return ask(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
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
    throw failureOf(response.status, text);
  }
  return (text === '' ? null : JSON.parse(text)) as Answer;
}

/** @param text the body of an answer that is none */
export function failureOf(status: number, text: string): GatewayFailure {
  const { message = `The gateway answered ${status}.`, param = null } = errorIn(text) ?? {};
  return new GatewayFailure(status, message, param);
}

function errorIn(text: string): { message?: string; param?: string | null } | undefined {
  try {
    return (JSON.parse(text) as { error?: { message?: string; param?: string | null } }).error;
  } catch {
    return undefined; // a proxy's page
  }
}
