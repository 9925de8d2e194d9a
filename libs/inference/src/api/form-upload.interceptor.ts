import { readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { ServerResponse } from 'node:http';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Request, RequestHandler, Response } from 'express';
import multer, { type Multer, MulterError } from 'multer';
import { finalize, type Observable } from 'rxjs';
import { callOf, Config, InvalidRequestError, makeFolder, type ProjectRequest } from '@app/shared';
import { FileStoreError, FileTooLargeError } from '../domain/upload.errors.js';
import { PrivateFileStorage } from './private-file.storage.js';

type UploadRequest = Request & ProjectRequest;

/** `name[9999999999]` would make a list of that length, which takes minutes to walk over. */
const LIMITS = {
  fields: 100,
  fieldSize: 1024 * 1024,
  fieldNestingDepth: 2,
  fieldArrayIndexLimit: 100,
};
/** For the fields of a form and the heads of its parts, beside files that are as large as they may be. */
const ROOM_BYTES = 2 * 1024 * 1024;

/** Which files a form may hold. */
export interface FormFiles {
  readonly most: number;
  readonly take: (form: Multer) => RequestHandler;
  /** What to send, when it holds others. */
  readonly hint: string;
  /** The field that an error names when the form does not. */
  readonly field: string;
}

/**
 * Receives a multipart form: its files go to `data/tmp` (mode 0600), so that memory stays flat and a retry has them, and
 * are deleted when the call is over. The size limit is the project's; who goes beyond it is told so at once, by the announced
 * length or at the first byte too many. Other bodies are left alone.
 */
export class FormUploadInterceptor implements NestInterceptor {
  private readonly folder: string;

  constructor(
    { dataDir }: Config,
    private readonly files: FormFiles,
  ) {
    this.folder = path.resolve(dataDir, 'tmp');
    makeFolder(this.folder, 'AI_GATEWAY_DATA_DIR');
    removeLeftovers(this.folder);
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<UploadRequest>();
    const limit = callOf(request).fileLimitBytes;
    await this.receive(request, http.getResponse<Response & ServerResponse>(), limit);
    return next.handle().pipe(finalize(() => void discard(request)));
  }

  /** Multer would read a refused form to its end first. */
  private async receive(request: UploadRequest, response: Response, limit: number): Promise<void> {
    if (request.destroyed) {
      throw new InvalidRequestError('The caller left while sending.'); // while its key was looked up
    }
    if (!request.is('multipart')) {
      return;
    }
    const { most, take, field } = this.files;
    const mostBytes = most * limit + ROOM_BYTES;
    if (Number(request.headers['content-length']) > mostBytes) {
      throw new FileTooLargeError(limit, field);
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let isRefused = false;
    const refuse = (where: string): void => {
      isRefused = true;
      reject(new FileTooLargeError(limit, where));
    };
    const form = multer({
      storage: new PrivateFileStorage(this.folder, refuse),
      defParamCharset: 'utf8', // browsers and SDKs write file names so; multer's default is latin1
      limits: { ...LIMITS, files: most, fileSize: limit },
    });
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > mostBytes) {
        refuse(field);
      }
    });
    take(form)(request, response, (error: unknown) => {
      if (isRefused) {
        void discard(request); // it has come to its end all the same
      } else if (error) {
        reject(explain(error, this.files));
      } else {
        resolve();
      }
    });
    await promise;
  }
}

/** What a killed process left behind. Each gateway has a data folder of its own; the embedded store's lock sees to it. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    rmSync(path.join(folder, name), { force: true });
  }
}

async function discard({ file, files }: UploadRequest): Promise<void> {
  const all = file ? [file] : Array.isArray(files) ? files : [];
  await Promise.all(all.map(({ path: stored }) => rm(stored, { force: true })));
}

function explain(error: unknown, { hint, field }: FormFiles): unknown {
  if (isSystemError(error)) {
    return new FileStoreError(error);
  }
  if (!(error instanceof MulterError)) {
    return error instanceof Error
      ? new InvalidRequestError(`The form cannot be read: ${error.message}.`)
      : error;
  }
  switch (error.code) {
    case 'LIMIT_UNEXPECTED_FILE':
    case 'LIMIT_FILE_COUNT':
      return new InvalidRequestError(hint, error.field ?? field);
    default:
      return new InvalidRequestError(`The form cannot be read: ${error.message}.`, error.field ?? null);
  }
}

/** The disk's fault, not the form's: full, read-only, broken. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
