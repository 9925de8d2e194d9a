import type { Turn } from '../domain/conversation.js';
import type { ReasoningPart } from '../domain/part.js';
import { isObject, textAt, type Wire } from '../domain/wire.js';
import { isIssuedBy, lose, type WriteContext } from '../openai-chat/write-context.js';
import { ResponseIds } from './response-object.js';

/**
 * The caller's own body with the vendor's name of the model. Reasoning that this gateway sealed is opened for its issuer;
 * another's is left out, and the item behind it loses its id, for OpenAI asks for the reasoning that belongs to an id.
 */
export function writeOwnBody(
  body: Wire,
  turns: readonly Turn[],
  context: WriteContext,
): Record<string, unknown> {
  const written: Record<string, unknown> = { ...body, model: context.target.model };
  const { input } = body;
  if (Array.isArray(input)) {
    written['input'] = writeItems(input, sealedParts(turns), context);
  }
  return written;
}

/** Parts whose cipher was opened, by the item they were read from. */
function sealedParts(turns: readonly Turn[]): ReadonlyMap<unknown, ReasoningPart> {
  const sealed = new Map<unknown, ReasoningPart>();
  for (const part of turns.flatMap(turn => turn.parts)) {
    if (part.kind === 'reasoning' && part.signature && part.native) {
      sealed.set(part.native, part);
    }
  }
  return sealed;
}

function writeItems(
  items: readonly unknown[],
  sealed: ReadonlyMap<unknown, ReasoningPart>,
  context: WriteContext,
): unknown[] {
  const written: unknown[] = [];
  let dropped = false;
  for (const item of items) {
    const kept = keptItem(item, sealed.get(item), context);
    if (kept === null) {
      dropped = true;
      lose(
        context,
        'dropped',
        'input.reasoning',
        `Reasoning that '${context.target.vendor}' did not issue for this model was left out.`,
      );
      continue;
    }
    written.push(dropped && isObject(kept) ? withoutId(kept) : kept);
    dropped = false;
  }
  return written;
}

/** Null for reasoning that is nothing to this vendor. */
function keptItem(item: unknown, sealed: ReasoningPart | undefined, { target }: WriteContext): unknown {
  if (!sealed) {
    return isShownElsewhere(item) ? null : item;
  }
  const { signature } = sealed;
  return isObject(item) && isIssuedBy(signature, target)
    ? { ...item, ...(signature.id && { id: signature.id }), encrypted_content: signature.payload }
    : null;
}

/**
 * Reasoning that another vendor showed in clear, under an id of this gateway: OpenAI would look the id up among its own, and
 * refuse the request.
 */
export function isShownElsewhere(item: unknown): boolean {
  return (
    isObject(item) &&
    item['type'] === 'reasoning' &&
    !item['encrypted_content'] &&
    ResponseIds.responseOf(textAt(item, 'id')) !== null
  );
}

function withoutId({ id: _id, ...item }: Wire): Wire {
  return item;
}
