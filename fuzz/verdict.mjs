// What is wrong with an answer; null when nothing is.

/** Refusals that a broken request may get. Not 401, 403 and 429: the key is right, and nothing is limited. */
const REFUSALS = new Set([400, 404, 405, 413, 415, 422]);
/** What only the inside of a program says. */
const INSIDE =
  /Internal error|node_modules|\bat [\w.<> ]+ \(\S+:\d+|\/dist\/|\/libs\/|\.[jt]s:\d+|(?:Type|Range|Syntax|Reference)Error|Cannot read prop|is not a function|is not iterable|\[object |SQLITE|ECONN|127\.0\.0\.1|localhost|sk-sim|undefined/;
const ENDED_BADLY = /^event: error$|^event: response\.failed$|^data: \{"error":|"error":\{"code":5/m;

/**
 * @param {{route: {api: string}, bytes: Buffer | null, path: string}} request
 * @param {{status: number, type: string, id: string, text: string}} answer
 */
export function faultOf(request, answer) {
  const { status, type, id, text } = answer;
  if (!/^[0-9a-f-]{36}$/.test(id)) {
    return 'no request id';
  }
  if (status === 200) {
    return faultOfSuccess(type, text);
  }
  if (!REFUSALS.has(status)) {
    return `status ${status}`;
  }
  const message = messageIn(request, { ...answer, body: parsed(text) });
  if (typeof message !== 'string') {
    return 'not the error of its API';
  }
  if (message.trim().length < 5) {
    return 'an error that says nothing';
  }
  const leaked = INSIDE.exec(message)?.[0];
  return leaked !== undefined && !holds(request, leaked) ? `the inside: ${leaked}` : null;
}

function faultOfSuccess(type, text) {
  if (type.startsWith('text/event-stream')) {
    return ENDED_BADLY.test(text) ? 'a stream that failed' : null;
  }
  return type.startsWith('application/json') && parsed(text) === undefined ? 'no JSON' : null;
}

/** The message of an error that its SDKs would raise as one. */
function messageIn({ route, path }, { status, type, id, body }) {
  if (!type.startsWith('application/json') || typeof body?.error !== 'object' || body.error === null) {
    return null;
  }
  const { error } = body;
  // Another address may be another API's.
  if (route.path !== path) {
    return error.message;
  }
  switch (route.api) {
    case 'anthropic':
      return (
        body.type === 'error' && typeof error.type === 'string' && body.request_id === id && error.message
      );
    case 'gemini':
      return error.code === status && /^[A-Z_]+$/.test(error.status) && error.message;
    default:
      return typeof error.type === 'string' && 'code' in error && 'param' in error && error.message;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** It only repeats what was sent. */
function holds({ bytes, path }, text) {
  return path.includes(text) || (bytes?.includes(text) ?? false);
}
