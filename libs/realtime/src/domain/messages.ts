import { type LiveDialect, parseExact } from '@app/dialects';
import type { SocketMessage } from '@app/providers';
import { hasDoubledMembers, isObject, withoutSecret } from '@app/shared';
import { NoJsonMessageError } from './realtime.errors.js';

export type Message = Readonly<Record<string, unknown>>;

/** A caller's, with all digits of its numbers. @throws NoJsonMessageError (400) */
export function readMessage(data: Buffer): Message {
  const said = parsed(data, parseExact);
  if (!said || hasDoubledMembers(data.toString())) {
    throw new NoJsonMessageError(); // who is behind may take the other one of two
  }
  return said;
}

/** Null when it is no JSON object. */
export function parsed(data: Buffer, parse: (text: string) => unknown = JSON.parse): Message | null {
  try {
    const said = parse(data.toString());
    return isObject(said) ? said : null;
  } catch {
    return null;
  }
}

/** As a protocol frames it. */
export function messageOf(message: Message, { isBinary }: LiveDialect): SocketMessage {
  return { data: Buffer.from(JSON.stringify(message)), isBinary };
}

/** Vendors have repeated the key that they were shown, in what they say of it. @param secret `''`: none was */
export function harmless(message: SocketMessage, secret: string): SocketMessage {
  return secret !== '' && message.data.includes(secret)
    ? { ...message, data: Buffer.from(withoutSecret(message.data.toString(), secret)) }
    : message;
}
