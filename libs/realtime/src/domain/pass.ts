import type { SocketMessage } from '@app/providers';
import { WebSocket } from 'ws';

/** So much waits for a side that reads slowly; then the other one is not read either. */
const MOST_WAITING_BYTES = 1024 * 1024;

/** Sends what one side says to the other, at the pace of who hears it. */
export function pass(from: WebSocket, to: WebSocket, { data, isBinary }: SocketMessage): void {
  if (to.readyState !== WebSocket.OPEN) {
    return;
  }
  if (to.bufferedAmount < MOST_WAITING_BYTES) {
    to.send(data, { binary: isBinary });
    return;
  }
  from.pause();
  to.send(data, { binary: isBinary }, () => from.resume());
}
