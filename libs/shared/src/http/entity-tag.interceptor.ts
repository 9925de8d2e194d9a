import type { ServerResponse } from 'node:http';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Observable, tap } from 'rxjs';
import { entityTag } from './entity-tag.js';

/** Sends a single record with its `ETag`, to be handed back as `If-Match`. */
@Injectable()
export class EntityTagInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const response = context.switchToHttp().getResponse<ServerResponse>();
    return next.handle().pipe(
      tap((record: unknown) => {
        if (typeof record === 'object' && record !== null && 'version' in record) {
          response.setHeader('etag', entityTag(record));
        }
      }),
    );
  }
}
