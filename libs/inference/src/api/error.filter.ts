import { randomUUIDv7 } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { MeteredRequest } from '@app/analytics';
import { anthropicMessagesClient, type ClientDialect, geminiClient, openAiChatClient } from '@app/dialects';
import {
  type Call,
  GatewayError,
  InternalError,
  LOGGER,
  type Logger,
  quotaHeaders,
  redact,
} from '@app/shared';
import { attemptHeaders } from '../domain/failed-call.js';
import { apiOf, type CallerApi } from './caller-api.js';
import { EarlyAnswer } from './unread-body.js';

/** What else comes on the connection is not wanted: the caller is too slow, or sends too much. */
const FINAL: ReadonlySet<number> = new Set([408, 413]);

type IdentifiedRequest = IncomingMessage & {
  readonly id?: string;
  readonly originalUrl?: string;
  readonly call?: Call;
  /** Of those calls that an interceptor meters. */
  readonly meter?: MeteredRequest['meter'];
};
/** What a dialect says about errors. */
type ErrorWords = Pick<ClientDialect, 'writeError' | 'statusOf' | 'requestIdHeader'>;

const WORDS: Readonly<Record<CallerApi, ErrorWords>> = {
  openai: openAiChatClient,
  anthropic: anthropicMessagesClient,
  gemini: geminiClient,
};

/** Renders every error once, in the words of the API that was called; the unknown ones are logged and say nothing. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<IdentifiedRequest>();
    this.render(thrown, request, http.getResponse<ServerResponse>());
  }

  render(thrown: unknown, request: IdentifiedRequest, response: ServerResponse): void {
    const id = request.id ?? randomUUIDv7();
    const error = this.explain(thrown, id);
    if (response.headersSent || response.destroyed) {
      response.destroy(); // an answer was on its way: cutting it is the only sign left
      return;
    }
    const words = WORDS[apiOf(request)];
    const body = Buffer.from(JSON.stringify(words.writeError(error, id)));
    const quota = request.call?.quota;
    const answer = new EarlyAnswer(request, response, FINAL.has(error.status));
    response.writeHead(words.statusOf?.(error) ?? error.status, {
      ...errorHeaders(error, id),
      ...(words.requestIdHeader !== undefined && { [words.requestIdHeader]: id }),
      ...(quota && quotaHeaders(quota)),
      ...(request.meter && attemptHeaders(request.meter)),
      ...(answer.closes && { connection: 'close' }),
      'content-length': body.length,
    });
    answer.end(body);
  }

  private explain(thrown: unknown, requestId: string): GatewayError {
    if (thrown instanceof GatewayError) {
      if (thrown.status >= 500) {
        this.logger.warn({ requestId, code: thrown.code, err: thrown.cause }, thrown.message);
      }
      return thrown;
    }
    if (thrown instanceof HttpException) {
      return fromNest(thrown);
    }
    if (isBodyParserError(thrown)) {
      return new GatewayError(`The body cannot be read: ${redact(thrown.message)}.`, {
        status: thrown.status,
        type: 'invalid_request_error',
        code: thrown.status === 413 ? 'request_too_large' : 'invalid_body',
      });
    }
    this.logger.error({ requestId, err: thrown }, 'unexpected error');
    return new InternalError(thrown);
  }
}

function errorHeaders(error: GatewayError, id: string): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': id,
    ...error.headers,
  };
  if (error.retryAfterMs !== undefined) {
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
    headers['retry-after-ms'] = String(Math.ceil(error.retryAfterMs));
  }
  if (error.shouldRetry !== undefined) {
    headers['x-should-retry'] = String(error.shouldRetry);
  }
  return headers;
}

function fromNest(thrown: HttpException): GatewayError {
  const status = thrown.getStatus();
  const unknownRoute = status === 404 && thrown.message.startsWith('Cannot ');
  const message = unknownRoute
    ? `${redact(thrown.message)}. See /swagger-ui/ for what there is.`
    : ownOrForeign(thrown.message);
  return new GatewayError(message, {
    status,
    type: status >= 500 ? 'api_error' : 'invalid_request_error',
    code: unknownRoute ? 'unknown_url' : null,
  });
}

/** Our own messages are sentences; the parsers' are not, and quote what they read. */
function ownOrForeign(message: string): string {
  return message.endsWith('.') ? message : `The request cannot be read: ${redact(message)}.`;
}

function isBodyParserError(thrown: unknown): thrown is Error & { status: number } {
  return (
    thrown instanceof Error && 'status' in thrown && typeof thrown.status === 'number' && thrown.status < 500
  );
}
