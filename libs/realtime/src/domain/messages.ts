import { parseExact } from '@app/dialects';
import { hasDoubledMembers, isObject } from '@app/shared';
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
