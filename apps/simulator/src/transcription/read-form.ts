import type { StorageEngine } from 'multer';
import multer from 'multer';
import type { Exchange } from '../http/exchange.js';
import { parseForm } from '../http/form.js';
import type { JsonObject } from '../json.js';
import { Refusal } from '../refusal.js';
import type { Traffic } from '../traffic.js';
import type { Recording } from './recording.js';
import { describeRecording, HEADER_BYTES } from './recording.js';

const MOST_FILE_BYTES = 25 * 1024 * 1024;

export interface Form {
  readonly fields: JsonObject;
  readonly recording: Recording | undefined;
}

/** Lets a file pass by, keeping its size and its beginning. */
const measuring: StorageEngine = {
  _handleFile: (_request, file, done) => {
    const beginning: Buffer[] = [];
    let kept = 0;
    let size = 0;
    file.stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (kept < HEADER_BYTES) {
        beginning.push(chunk);
        kept += chunk.length;
      }
    });
    file.stream.once('error', (error: Error) => done(error));
    file.stream.once('end', () => done(null, { size, buffer: Buffer.concat(beginning) }));
  },
  _removeFile: (_request, _file, done) => done(null),
};

const upload = multer({
  storage: measuring,
  defParamCharset: 'utf8',
  limits: { fileSize: MOST_FILE_BYTES },
}).single('file');

export async function readForm(exchange: Exchange, traffic: Traffic): Promise<Form> {
  const {
    fields,
    files: [file],
  } = await parseForm(exchange, upload, refusalFor);
  const recording = file ? describeRecording(file.originalname, file.size, file.buffer) : undefined;
  traffic.receiveBody(exchange.received, { ...fields, ...(recording ? { file: recording } : {}) }, 0);
  return { fields, recording };
}

function refusalFor(error: unknown): Refusal {
  return error instanceof multer.MulterError && error.code === 'LIMIT_FILE_SIZE'
    ? new Refusal(413, `Maximum content size limit (${MOST_FILE_BYTES}) exceeded`)
    : new Refusal(400, 'Could not parse multipart form.');
}
