import type { ServerResponse } from 'node:http';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { headerText } from '../domain/header-text.js';
import type { Warned } from '../domain/models.service.js';

/** Says in `x-llmhub-warnings` what an answer lacks. */
@Injectable()
export class WarningsInterceptor<Body> implements NestInterceptor<Warned<Body>, Body> {
  intercept(context: ExecutionContext, next: CallHandler<Warned<Body>>): Observable<Body> {
    const response = context.switchToHttp().getResponse<ServerResponse>();
    return next.handle().pipe(
      map(({ body, warnings }) => {
        if (warnings.length > 0) {
          response.setHeader('x-llmhub-warnings', headerText(warnings.join('; ')));
        }
        return body;
      }),
    );
  }
}
