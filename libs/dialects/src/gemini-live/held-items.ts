import { InvalidRequestError, putLast } from '@app/shared';
import type { LiveItem } from '../domain/live-crossing.js';
import type { Losses } from '../domain/losses.js';
import type { MediaPart, TextPart } from '../domain/part.js';
import type { Wire } from '../domain/wire.js';

type Message = Extract<LiveItem, { kind: 'message' }>;

/** So many wait for an answer to end, or to be asked for. */
const MOST_ITEMS = 256;
const MOST_BYTES = 4 * 1024 * 1024;

/** What was written of a conversation, in order, until Google is told it. */
export class HeldItems {
  private items: Message[] = [];
  private bytes = 0;
  /** Calls of a conversation before this one. */
  private readonly earlierCalls = new Map<string, true>();

  constructor(private readonly losses: Losses) {}

  get all(): readonly LiveItem[] {
    return this.items;
  }

  get any(): boolean {
    return this.items.length > 0;
  }

  /** Whether a result is that of a call of an earlier conversation. */
  isOfEarlier(callId: string): boolean {
    return this.earlierCalls.has(callId);
  }

  /** @throws InvalidRequestError (400) when too much waits already */
  add(item: LiveItem): void {
    const bytes = JSON.stringify(item).length;
    if (this.items.length >= MOST_ITEMS || this.bytes + bytes > MOST_BYTES) {
      throw new InvalidRequestError(
        'Too much waits for an answer at once. Ask for one with `response.create`.',
        'item',
      );
    }
    this.bytes += bytes;
    if (item.kind === 'call') {
      putLast(this.earlierCalls, item.id, true, MOST_ITEMS); // results of the first ones have come long since
    }
    this.items.push(asMessage(item));
  }

  /** All of them. @param turnComplete an answer is asked for */
  tell(turnComplete: boolean): Wire {
    if (this.items.some(({ role }) => role === 'system')) {
      this.losses.approximated(
        'item.role',
        "Google's sessions know system messages as messages of the user.",
      );
    }
    const turns = this.items.map(({ role, parts }) => ({
      role: role === 'assistant' ? 'model' : 'user',
      parts: parts.map(partOf),
    }));
    this.items = [];
    this.bytes = 0;
    return { clientContent: { ...(turns.length > 0 && { turns }), turnComplete } };
  }
}

/** Google's sessions know calls of earlier ones as words only. */
function asMessage(item: LiveItem): Message {
  switch (item.kind) {
    case 'message':
      return item;
    case 'call':
      return textOf('assistant', `(called ${item.name} with ${item.arguments})`);
    case 'result':
      return textOf('user', `(was answered ${item.output})`);
  }
}

function textOf(role: Message['role'], text: string): Message {
  return { kind: 'message', role, parts: [{ kind: 'text', text }] };
}

function partOf(part: TextPart | MediaPart): Wire {
  if (part.kind === 'text') {
    return { text: part.text };
  }
  const { mime, source } = part;
  return { inlineData: { mimeType: mime, data: source.kind === 'base64' ? source.data : '' } };
}
