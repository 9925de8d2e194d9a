import { webcrypto } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Call, HISTORY_HEADER, STRICT_HEADER } from '@app/shared';

/** Headers that change what the same body means. Those of SDKs that count retries do not. */
const MEANINGFUL = ['content-encoding', 'anthropic-version', 'anthropic-beta', STRICT_HEADER];
/** A project's key may stand in the address, and may be rotated between two tries. */
const KEY_IN_QUERY = /([?&])key=[^&]*/g;
const BOUNDARY = /^multipart\/.*;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i;
/** More parts than any form that is served here. */
const MOST_PARTS = 1000;

export interface AskedOnce {
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly call: Pick<Call, 'routing' | 'permission' | 'keyId' | 'labels'>;
}

/**
 * What makes two requests the same: SHA-256, hex. Of a form the parts count and not the boundary between them, which SDKs
 * make anew for each try. A key that may not use everything has requests of its own: it must not get what another key was
 * answered by a model that is closed to it.
 */
export async function fingerprintOf({ url, headers, body, call }: AskedOnce): Promise<string> {
  const parts = partsOf(body, headers['content-type'] ?? '');
  const meaning = [
    url.replaceAll(KEY_IN_QUERY, '$1'),
    MEANINGFUL.map(name => headers[name] ?? null),
    call.routing,
    call.permission && call.keyId,
    await Promise.all(parts.map(digest)),
    ...(headers[HISTORY_HEADER] === undefined ? [] : [headers[HISTORY_HEADER]]), // without these as in earlier releases
    ...(call.labels?.endUser == null ? [] : [{ endUser: call.labels.endUser }]),
  ];
  return digest(Buffer.from(JSON.stringify(meaning)));
}

/** Off the event loop: bodies have megabytes. */
async function digest(bytes: Buffer): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

function partsOf(body: Buffer, contentType: string): Buffer[] {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) {
    return [body];
  }
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let start = 0;
  for (let end = body.indexOf(delimiter); end >= 0 && parts.length < MOST_PARTS;) {
    parts.push(body.subarray(start, end));
    start = end + delimiter.length;
    end = body.indexOf(delimiter, start);
  }
  return [...parts, body.subarray(start)];
}
