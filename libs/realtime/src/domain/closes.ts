import type { GatewayError } from '@app/shared';
import { WebSocket } from 'ws';

/** What a close of a WebSocket says (RFC 6455, 7.4.1). */
export const CLOSES = {
  normal: 1000,
  goingAway: 1001,
  noStatus: 1005,
  abnormal: 1006,
  policy: 1008,
  tooBig: 1009,
  failure: 1011,
} as const;

/** Who does not answer a close is cut off. */
const FAREWELL_MS = 200;
const REASON_BYTES = 123;
const HARMLESS: ReadonlySet<number> = new Set([CLOSES.normal, CLOSES.goingAway, CLOSES.noStatus]);
/** Of what was said: RFC 6455 and, by 1007 and 1008, Google. */
const REFUSALS: ReadonlySet<number> = new Set([1002, 1003, 1007, CLOSES.policy, CLOSES.tooBig, 1010]);
/** They say that there was none, and are never sent. */
const UNSENDABLE: ReadonlySet<number> = new Set([1004, CLOSES.noStatus, CLOSES.abnormal, 1015]);

/** Whether a side ended the session in order. */
export function isInOrder(code: number): boolean {
  return HARMLESS.has(code);
}

/** Whether a vendor says by that that it cannot take what it was told. */
export function isRefusal(code: number): boolean {
  return REFUSALS.has(code);
}

/** The code as the other side is told it. */
export function passedOn(code: number): number {
  const isSendable = (code >= 1000 && code <= 1014 && !UNSENDABLE.has(code)) || (code >= 3000 && code < 5000);
  return isSendable ? code : CLOSES.failure;
}

/** As much as a close has room for. */
function reasonOf(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= REASON_BYTES) {
    return message;
  }
  let end = REASON_BYTES;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) {
    end -= 1; // no character is cut
  }
  return bytes.subarray(0, end).toString();
}

/** How a session ends for an error before it has begun. */
export function closeOf({ status }: GatewayError): number {
  return status < 500 ? CLOSES.policy : CLOSES.failure;
}

/** Whether it can be told something. */
export function isUp(socket: WebSocket): boolean {
  return socket.readyState === WebSocket.OPEN;
}

/** Hears of it, also when it is closed already. */
export function onClose(socket: WebSocket, hear: (code: number, reason: string) => void): void {
  if (socket.readyState >= WebSocket.CLOSING) {
    hear(CLOSES.abnormal, '');
  } else {
    socket.on('close', (code: number, reason: Buffer) => hear(code, reason.toString()));
  }
}

/** Closes one side, whether it answers or not. */
export function hangUp(socket: WebSocket, code: number, reason = ''): void {
  socket.close(code, reasonOf(reason));
  setTimeout(() => socket.terminate(), FAREWELL_MS).unref();
}
