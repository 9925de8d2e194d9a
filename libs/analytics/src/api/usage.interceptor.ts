import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Call, GatewayError } from '@app/shared';
import type { Request, Response } from 'express';
import { finalize, type Observable, tap } from 'rxjs';
import type { CallMeter } from '../domain/call-meter.js';
import { Metering } from '../domain/metering.js';

/** A request behind the key guard and the usage interceptor. */
export interface MeteredRequest {
  call?: Call;
  /** Handlers fill in provider, models and usage; the interceptor closes it. */
  meter?: CallMeter;
}

/** What proxies have come to write for a caller that left. */
const CALLER_LEFT = 499;

/**
 * Meters every endpoint off the chat hot path. The meter is closed when the handler is through (so that it has said all
 * it knows) and the response is closed, which happens in every case: the answer was sent, a filter rendered an error, a
 * stream ended, or the caller left. A handler that breaks off its own answer closes the meter before, as `cut`.
 */
@Injectable()
export class UsageInterceptor implements NestInterceptor {
  constructor(private readonly metering: Metering) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request & MeteredRequest>();
    if (!request.call) {
      return next.handle();
    }
    const meter = this.metering.open(request.call, endpointOf(request));
    request.meter = meter;
    const response = http.getResponse<Response>();
    let failure: unknown;
    let open = 2;
    const settle = (): void => {
      open -= 1;
      if (open === 0) {
        closeMeter(meter, response, failure);
      }
    };
    if (response.closed) {
      settle(); // the caller left while the guards were asked: no event will tell
    } else {
      response.once('close', settle);
    }
    const noteFailure = (error: unknown): void => {
      failure = error;
    };
    return next.handle().pipe(tap({ error: noteFailure }), finalize(settle));
  }
}

/** The meter that `UsageInterceptor` opened for a request; it must be on the route. */
export function meterOf({ meter }: MeteredRequest): CallMeter {
  if (!meter) {
    throw new Error('No meter: put UsageInterceptor on this route.');
  }
  return meter;
}

function closeMeter(meter: CallMeter, response: Response, failure: unknown): void {
  const { statusCode: status } = response;
  if (!response.writableFinished) {
    void meter.close({
      status: response.headersSent ? status : CALLER_LEFT,
      outcome: 'aborted',
      errorCode: 'caller_left',
    });
  } else if (failure === undefined && status < 400) {
    void meter.close({ status, outcome: 'completed' });
  } else {
    const errorCode =
      failure instanceof GatewayError ? failure.code : status >= 500 ? 'internal_error' : null;
    void meter.close({ status, outcome: 'failed', errorCode });
  }
}

/** The route, not the address that was called: ids in it would make every call an endpoint of its own. */
function endpointOf(request: Request): string {
  const route: unknown = request.route;
  const path = typeof route === 'object' && route !== null && 'path' in route ? route.path : null;
  return typeof path === 'string' ? asDocumented(path) : request.path;
}

/** Express writes `/models/*model\\:countTokens` for what the documentation calls `/models/{model}:countTokens`. */
function asDocumented(route: string): string {
  return route.replace(/(?<!\\)[*:](\w+)/g, '{$1}').replaceAll('\\', '');
}
