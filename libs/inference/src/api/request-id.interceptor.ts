import type { ServerResponse } from 'node:http';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { anthropicMessagesClient } from '@app/dialects';
import type { ProjectRequest } from '@app/shared';
import type { Observable } from 'rxjs';
import { apiOf } from './caller-api.js';

/** Tells the id of a call whose handler returns its answer; those that write answers themselves write their head, too. */
@Injectable()
export class RequestIdInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<ProjectRequest>();
    const response = http.getResponse<ServerResponse>();
    response.setHeader('x-request-id', request.id);
    const { requestIdHeader } = anthropicMessagesClient;
    if (requestIdHeader !== undefined && apiOf(request) === 'anthropic') {
      response.setHeader(requestIdHeader, request.id);
    }
    return next.handle();
  }
}
