import { randomBytes } from 'node:crypto';

const BYTES = 12;

/** As `item_6f1c…`: OpenAI's are as long. */
export function newId(kind: 'conv' | 'event' | 'item' | 'resp'): string {
  return `${kind}_${randomBytes(BYTES).toString('hex').slice(0, 21)}`;
}
