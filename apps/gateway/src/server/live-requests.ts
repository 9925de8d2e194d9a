import type { IncomingMessage } from 'node:http';

export const OPENAI_LIVE = '/v1/realtime';
/** As Google's SDK asks for it, which writes one slash too many; `Constrained` with an ephemeral key. */
const GEMINI_LIVE =
  /^(?:\/google)?\/?\/ws\/google\.ai\.generativelanguage\.v1(?:alpha|beta)?\.GenerativeService\.BidiGenerateContent(?:Constrained)?$/;
const WEBSOCKET = /^websocket$/i;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** 16 bytes in base64 (RFC 6455). */
const KEY = /^[+/0-9A-Za-z]{22}==$/;

type Head = Pick<IncomingMessage, 'url' | 'headers'>;

/** Whether a request is taken from HTTP for a session; all others stay there, whatever they would like to be. */
export function isLive({ url = '', headers }: Head): boolean {
  const [path = ''] = url.split('?');
  return WEBSOCKET.test(headers.upgrade ?? '') && (path === OPENAI_LIVE || GEMINI_LIVE.test(path));
}

/** Whether it opens a WebSocket as that is done. */
export function isHandshake({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  return (
    method === 'GET' &&
    headers['sec-websocket-version'] === '13' &&
    KEY.test(headers['sec-websocket-key'] ?? '') &&
    areProtocols(headers['sec-websocket-protocol'])
  );
}

function areProtocols(header: string | undefined): boolean {
  const names = header?.split(',').map(name => name.trim()) ?? [];
  return names.every(name => TOKEN.test(name)) && new Set(names).size === names.length;
}
