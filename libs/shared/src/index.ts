export { type SseEvent, SseParser } from './http/sse.parser.js';
export {
  BodyTooLargeError,
  GatewayError,
  type GatewayErrorOptions,
  InvalidRequestError,
  NotFoundError,
  StoreUnavailableError,
} from './errors/gateway.error.js';
export { UpstreamError, type UpstreamFailure, UpstreamTimeoutError } from './errors/upstream.error.js';
