import { Readable } from 'node:stream';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import type { Request } from 'express';
import { map, type Observable } from 'rxjs';
import { CSV_TYPE, csvOf } from '@app/shared';

export const FORMATS = ['json', 'csv'] as const;

/** Sends `data` as CSV to who wants that: `format=csv`, or `Accept: text/csv`. */
@Injectable()
export class CsvInterceptor implements NestInterceptor<{ readonly data: readonly object[] }> {
  intercept(
    context: ExecutionContext,
    next: CallHandler<{ readonly data: readonly object[] }>,
  ): Observable<unknown> {
    const { query, headers } = context.switchToHttp().getRequest<Request>();
    const format = query['format'] ?? (/\btext\/csv\b/i.test(headers.accept ?? '') ? 'csv' : 'json');
    return format === 'csv' ? next.handle().pipe(map(fileOf)) : next.handle();
  }
}

function fileOf({ data }: { readonly data: readonly object[] }): StreamableFile {
  return new StreamableFile(Readable.from(csvOf(data)), {
    type: CSV_TYPE,
    disposition: 'attachment; filename="usage.csv"',
  });
}
