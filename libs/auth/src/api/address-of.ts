import type { ProjectRequest } from '@app/shared';

export interface GuardedRequest extends ProjectRequest {
  /** Express's: behind a trusted proxy, the caller's address. */
  readonly ip?: string;
}

/** Where a request came from. */
export function addressOf({ ip, socket }: GuardedRequest): string {
  return ip ?? socket.remoteAddress ?? '';
}
