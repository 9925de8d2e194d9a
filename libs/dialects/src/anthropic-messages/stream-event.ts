import { toJson, type Wire } from '../domain/wire.js';

/** One event of a streamed message. */
export function writeEvent(type: string, members: Wire): string {
  return `event: ${type}\ndata: ${toJson({ type, ...members })}\n\n`;
}
