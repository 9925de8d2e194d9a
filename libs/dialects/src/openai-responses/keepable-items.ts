import { InvalidRequestError } from '@app/shared';
import type { SignatureSeal } from '../domain/dialect.js';
import { entryOf, isObject, type Wire } from '../domain/wire.js';
import { readItems } from './items.reader.js';
import type { ResponseIds } from './response-object.js';

const PREFIXES: Readonly<Record<string, string>> = {
  message: 'msg',
  function_call: 'fc',
  function_call_output: 'fco',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
  reasoning: 'rs',
};
/** What every store takes in a key. */
const USABLE_ID = /^[\w-]{1,64}$/;

/**
 * The `input` of a request as items that can be kept and listed: each with a type and an id, and the content of messages
 * as a list of parts. What is no item stays as it is, for the reader to refuse.
 *
 * @param input a text or a list
 * @param taken ids that the items must not have
 */
export function keepableItems(
  input: unknown,
  ids: ResponseIds,
  taken: ReadonlySet<unknown> = new Set(),
): readonly Wire[] {
  const list: readonly unknown[] =
    typeof input === 'string' ? [{ role: 'user', content: input }] : asList(input);
  const used = new Set(taken);
  return list.map((item, index) => {
    if (!isObject(item)) {
      return item as Wire;
    }
    const { type = 'message', id, ...rest } = item;
    const isFree = typeof id === 'string' && USABLE_ID.test(id) && !used.has(id);
    const kept = isFree ? id : ids.input(entryOf(PREFIXES, type) ?? 'item', index);
    used.add(kept);
    return { id: kept, type, ...(type === 'message' ? messageOf(rest) : rest) };
  });
}

const NOTHING_SEALED: SignatureSeal = { seal: () => '', open: () => null };

/**
 * Refuses items that no request could go on from, before they are kept.
 *
 * @param field where the caller put them
 * @throws InvalidRequestError (400) naming the bad field
 */
export function assertReadable(items: readonly unknown[], field: string): void {
  readItems(items, NOTHING_SEALED, field);
  const reference = items.findIndex(item => isObject(item) && item['type'] === 'item_reference');
  if (reference >= 0) {
    throw new InvalidRequestError(
      'A conversation holds items, and no references to them. Send the item itself.',
      `${field}[${reference}]`,
    );
  }
}

function asList(input: unknown): readonly unknown[] {
  return Array.isArray(input) ? input : [];
}

function messageOf(message: Wire): Wire {
  const { role, content } = message;
  if (typeof content !== 'string') {
    return message;
  }
  const part =
    role === 'assistant'
      ? { type: 'output_text', text: content, annotations: [] }
      : { type: 'input_text', text: content };
  return { ...message, content: [part] };
}
