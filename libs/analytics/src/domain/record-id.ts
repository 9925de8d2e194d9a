import { createHash } from 'node:crypto';

/** Of what a vendor did in the background: the same at every gateway, so that the store takes it once. */
export function backgroundId(provider: string, upstreamId: string): string {
  return uuidOf(`${provider}/${upstreamId}`);
}

/** Of an attempt that was given up. @param number counts a call's such attempts from 1 */
export function attemptId(callId: string, number: number): string {
  return uuidOf(`${callId}#${number}`);
}

/** Of what was paid for in a session. @param number counts its records from 1 */
export function turnId(sessionId: string, number: number): string {
  return uuidOf(`${sessionId}/${number}`);
}

/** Of a correction of what a call cost. @param number counts a record's corrections from 1 */
export function correctionId(usageId: string, number: number): string {
  return uuidOf(`${usageId}~${number}`);
}

/** A UUIDv8 (RFC 9562) that says nothing but what it was made of. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
  return [...parts, hex.slice(20, 32)].join('-');
}
