import type { IncomingMessage } from 'node:http';
import type { JsonObject } from '../json.js';
import { isObject, parseJson } from '../json.js';
import { Refusal } from '../refusal.js';
import type { ReceivedRequest, Traffic } from '../traffic.js';
import type { Reply } from './reply.js';

/** One HTTP request and the way to answer it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly reply: Reply;
  readonly received: ReceivedRequest;
  /** Whose call this is, when the path names somebody else than the dialect's inventor. */
  readonly vendor?: string;
}

/** Where a request goes. */
export function urlOf({ url = '/' }: IncomingMessage): URL {
  // A path that begins with two slashes would be read as a host.
  return URL.parse(url.replace(/^\/+/, '/'), 'http://simulator') ?? new URL('http://simulator/');
}

const MOST_BODY_BYTES = 64 * 1024 * 1024;

/** Reads the body, which has to be a JSON object. */
export async function readJson({ request, received }: Exchange, traffic: Traffic): Promise<JsonObject> {
  const { body, bytes } = await readAny(request);
  traffic.receiveBody(received, body, bytes);
  if (!isObject(body)) {
    throw new Refusal(400, 'We could not parse the JSON body of your request.');
  }
  return body;
}

/** Reads the body; undefined when it is no JSON. */
export async function readAny(
  request: IncomingMessage,
): Promise<{ readonly body: unknown; readonly bytes: number }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BODY_BYTES) {
      throw new Refusal(413, 'Request body is too large.');
    }
  }
  return { body: parseJson(Buffer.concat(chunks).toString()), bytes };
}
