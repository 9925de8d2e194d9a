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
 * are deleted when the call is over. The size limit is the project's. Other bodies are left alone.
 */
export class FormUploadInterceptor implements NestInterceptor {
  private readonly storage: PrivateFileStorage;

  constructor(
    { dataDir }: Config,
    private readonly files: FormFiles,
  ) {
    const folder = path.resolve(dataDir, 'tmp');
    makeFolder(folder, 'AI_GATEWAY_DATA_DIR');
    removeLeftovers(folder);
    this.storage = new PrivateFileStorage(folder);
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<UploadRequest>();
    const limit = callOf(request).fileLimitBytes;
    await this.receive(request, http.getResponse<Response & ServerResponse>(), limit);
    return next.handle().pipe(finalize(() => void discard(request)));
  }

  private receive(request: UploadRequest, response: Response, limit: number): Promise<void> {
    const form = multer({
      storage: this.storage,
      defParamCharset: 'utf8', // browsers and SDKs write file names so; multer's default is latin1
      limits: { ...LIMITS, files: this.files.most, fileSize: limit },
    });
    const upload = this.files.take(form);
    return new Promise((resolve, reject) => {
      if (request.destroyed) {
        reject(new InvalidRequestError('The caller left while sending.')); // while its key was looked up
        return;
      }
      upload(request, response, (error: unknown) => {
        if (error) {
          reject(explain(error, limit, this.files));
        } else {
          resolve();
        }
      });
    });
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

function explain(error: unknown, limit: number, { hint, field }: FormFiles): unknown {
  if (isSystemError(error)) {
    return new FileStoreError(error);
  }
  if (!(error instanceof MulterError)) {
    return error instanceof Error
      ? new InvalidRequestError(`The form cannot be read: ${error.message}.`)
      : error;
  }
  switch (error.code) {
    case 'LIMIT_FILE_SIZE':
      return new FileTooLargeError(limit, error.field ?? field);
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
