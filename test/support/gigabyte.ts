import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';

const GIGABYTE = 1024 ** 3;
const PIECE_BYTES = 64 * 1024;
const BOUNDARY = 'gigabyte';
const FIELD = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n`;
const ENDING = `\r\n--${BOUNDARY}--\r\n`;

export interface Upload {
  readonly url: string;
  readonly path: string;
  readonly key: string;
  /** It tells its length before; else it comes in chunks. */
  readonly isAnnounced: boolean;
  /** The `content-disposition` of the part that is so large. */
  readonly part: string;
  /** Sends on when it is answered, until it is cut. */
  readonly goesOn: boolean;
}

export interface Told {
  /** All that came back until the connection was closed. */
  readonly answer: string;
  /** That had been sent when the answer came, with what was still in the buffers of the system. */
  readonly sentBytes: number;
}

/** Sends a form with a gigabyte of nothing: one piece again and again, at the pace of who reads it. */
export async function sendGigabyte(upload: Upload): Promise<Told> {
  const { hostname, port } = new URL(upload.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  let answer = '';
  let sentBytes = 0;
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()));
  socket.on('error', () => undefined); // who goes on sending may be reset
  socket.on('data', (bytes: Buffer) => {
    sentBytes ||= socket.bytesWritten;
    answer += bytes.toString();
  });
  Readable.from(piecesOf(upload, () => answer !== '' && !upload.goesOn)).pipe(socket, { end: false });
  await closed;
  return { answer, sentBytes };
}

function* piecesOf(upload: Upload, isOver: () => boolean): Generator<Buffer> {
  const { path, key, isAnnounced, part } = upload;
  const framed = isAnnounced ? (bytes: Buffer): Buffer => bytes : chunked;
  const beginning = Buffer.from(`${FIELD}--${BOUNDARY}\r\ncontent-disposition: form-data; ${part}\r\n\r\n`);
  const length = beginning.length + GIGABYTE + ENDING.length;
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: gateway',
    `authorization: Bearer ${key}`,
    `content-type: multipart/form-data; boundary=${BOUNDARY}`,
    isAnnounced ? `content-length: ${length}` : 'transfer-encoding: chunked',
  ];
  yield Buffer.from(`${head.join('\r\n')}\r\n\r\n`);
  yield framed(beginning);
  const piece = framed(Buffer.alloc(PIECE_BYTES, 0xa5));
  for (let sent = 0; sent < GIGABYTE && !isOver(); sent += PIECE_BYTES) {
    yield piece;
  }
  if (!isOver()) {
    yield framed(Buffer.from(ENDING));
    yield isAnnounced ? Buffer.alloc(0) : Buffer.from('0\r\n\r\n');
  }
}

function chunked(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}
