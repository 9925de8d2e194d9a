import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import { BodyTooLargeError, GatewayError, InvalidRequestError, requireJson } from '@app/shared';
import { CallerLeftError } from '../domain/inference.errors.js';

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const decoders = new Map<string, Decoder>([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
  ['zstd', promisify(zstdDecompress)],
]);

/**
 * The JSON body of a request as bytes, unpacked when the caller compressed it.
 *
 * @param limit bytes, packed and unpacked alike
 * @throws BodyTooLargeError (413), GatewayError (415) for another type or an unknown encoding,
 *   InvalidRequestError (400) for broken data
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  requireJson(request);
  const bytes = await receiveBody(request, limit);
  const encoding = request.headers['content-encoding'];
  return encoding && encoding !== 'identity' ? unpack(bytes, encoding, limit) : bytes;
}

/**
 * The bytes of a body, as they came.
 *
 * @throws BodyTooLargeError (413), CallerLeftError (499), which nobody hears
 */
export function receiveBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length']) > limit) {
      reject(new BodyTooLargeError(limit));
      return;
    }
    if (request.destroyed) {
      reject(new CallerLeftError()); // while its key was looked up: no event will tell
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
      } else {
        reject(new BodyTooLargeError(limit)); // the rest is read and thrown away, so that the answer can be sent
      }
    });
    request.on('end', () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)),
    );
    request.on('error', () => reject(new CallerLeftError()));
  });
}

async function unpack(bytes: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const decode = decoders.get(encoding.toLowerCase());
  if (!decode) {
    throw new GatewayError(
      `The content encoding '${encoding.slice(0, 40)}' is not known. Use gzip, deflate, br, zstd or none.`,
      { status: 415, type: 'invalid_request_error', code: 'unsupported_encoding' },
    );
  }
  try {
    return await decode(bytes, { maxOutputLength: limit });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new BodyTooLargeError(limit);
    }
    throw new InvalidRequestError(`The body is not valid ${encoding}.`, null, 'invalid_encoding');
  }
}
