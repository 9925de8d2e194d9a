import type { ServerResponse } from 'node:http';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { json, type Request } from 'express';
import type { Observable } from 'rxjs';
import { type AdminRequest, InvalidRequestError, requireJson } from '@app/shared';

type ManagementRequest = Request & AdminRequest;

const parse = json({ limit: '1mb', type: () => true });
/** Of strangers, who may log in. */
const parseFew = json({ limit: '32kb', type: () => true });

/**
 * Reads the bodies of the management API, and of those whom the guard has not let in no more than a log-in needs: strangers
 * could fill the memory with bodies that never end. Inference reads its own bytes.
 */
@Injectable()
export class ManagementBodyInterceptor implements NestInterceptor {
  intercept(
    context: ExecutionContext,
    next: CallHandler,
  ): Observable<unknown> | Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<ManagementRequest>();
    const isForUs = request.author !== undefined || (request.call === undefined && request.method === 'POST');
    return isForUs ? read(request, http.getResponse()).then(() => next.handle()) : next.handle();
  }
}

function read(request: ManagementRequest, response: ServerResponse): Promise<void> {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  return new Promise((resolve, reject) => {
    if (request.destroyed) {
      reject(new InvalidRequestError('The caller left while sending.')); // while its key was looked up
      return;
    }
    if (length !== '0' || encoding !== undefined) {
      requireJson(request);
    }
    (request.author ? parse : parseFew)(request, response, (error?: unknown) => {
      if (error) {
        reject(error as Error);
      } else {
        resolve();
      }
    });
  });
}
