import { ResponseIds } from '@app/dialects';
import { Conversations } from '@app/responses';
import { InvalidRequestError, isObject } from '@app/shared';

type Wire = Readonly<Record<string, unknown>>;

/** What a request for a response says of what was before, and of what is to be kept. */
export interface StateFields {
  /** Null when it says nothing, which at OpenAI means yes. */
  readonly store: boolean | null;
  readonly previousId: string | null;
  readonly conversationId: string | null;
  readonly background: boolean;
  /** Ids of items of this gateway's own that stand for the items themselves. */
  readonly references: readonly string[];
}

/** The members of a body that these are, none of which a vendor without a memory takes. */
export const STATE_FIELDS = ['store', 'previous_response_id', 'conversation', 'background'] as const;

/** @throws InvalidRequestError (400) naming the field */
export function readState(body: Wire): StateFields {
  const state = {
    store: flagAt(body, 'store'),
    previousId: textOf(body['previous_response_id'], 'previous_response_id', 'the id of a response'),
    conversationId: conversationAt(body),
    background: flagAt(body, 'background') ?? false,
    references: referencesIn(body),
  };
  if (state.previousId !== null && state.conversationId !== null) {
    throw new InvalidRequestError(
      "'previous_response_id' and 'conversation' exclude each other. Send one of them.",
      'conversation',
    );
  }
  return state;
}

/**
 * @param vendorKeeps the vendor works in the background itself
 * @throws InvalidRequestError (400) when that does not go together with the rest
 */
export function assertBackground(
  { store, background, conversationId }: StateFields,
  stream: boolean,
  vendorKeeps: boolean,
): void {
  if (!background) {
    return;
  }
  if (vendorKeeps) {
    assert(
      conversationId === null,
      "A vendor that works in the background does not tell the gateway's conversations of it. Leave one of them out.",
    );
    return;
  }
  assert(store !== false, "'background': true needs the response to be kept. Leave 'store' out.");
  assert(
    !stream,
    "The vendor of this model has no 'background', and the gateway's cannot be streamed. Leave 'stream' out and ask " +
      'GET /v1/responses/{id} until it is done.',
  );
}

function assert(condition: boolean, otherwise: string): void {
  if (!condition) {
    throw new InvalidRequestError(otherwise, 'background');
  }
}

/** What of it only this gateway can know; the rest is the vendor's. */
export function ownOf(state: StateFields): StateFields {
  const { previousId, conversationId } = state;
  return {
    ...state,
    previousId: previousId !== null && ResponseIds.isOwn(previousId) ? previousId : null,
    conversationId: conversationId !== null && Conversations.isOwn(conversationId) ? conversationId : null,
  };
}

/** The body speaks of what only this gateway can know. */
export function speaksOfOwn(body: Wire): boolean {
  const { previous_response_id: previous, conversation } = body;
  const id = isObject(conversation) ? conversation['id'] : conversation;
  return (
    (typeof previous === 'string' && ResponseIds.isOwn(previous)) ||
    (typeof id === 'string' && Conversations.isOwn(id)) ||
    referencesIn(body).length > 0
  );
}

/** The id of an item that stands for it, if this gateway gave it. */
export function referenceIn(item: unknown): string | null {
  const isReference = isObject(item) && item['type'] === 'item_reference' && typeof item['id'] === 'string';
  return isReference && ResponseIds.responseOf(item['id'] as string) !== null ? (item['id'] as string) : null;
}

function referencesIn({ input }: Wire): string[] {
  return Array.isArray(input) ? input.map(referenceIn).filter(id => id !== null) : [];
}

function flagAt(body: Wire, field: string): boolean | null {
  const value = body[field] ?? null;
  if (value !== null && typeof value !== 'boolean') {
    throw new InvalidRequestError(`'${field}' must be true or false.`, field);
  }
  return value;
}

function conversationAt({ conversation }: Wire): string | null {
  const id = isObject(conversation) ? (conversation['id'] ?? 0) : conversation;
  return textOf(id, 'conversation', 'the id of a conversation, or an object with its id');
}

function textOf(value: unknown, field: string, expected: string): string | null {
  const text = value ?? null;
  if (text !== null && (typeof text !== 'string' || text === '')) {
    throw new InvalidRequestError(`'${field}' must be ${expected}.`, field);
  }
  return text;
}
