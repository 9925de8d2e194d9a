import { Injectable } from '@nestjs/common';
import { ResponseIds } from '@app/dialects';
import {
  ConversationItems,
  Conversations,
  type Earlier,
  EarlierResponses,
  PreviousResponseNotFoundError,
} from '@app/responses';
import { type Call, InvalidRequestError } from '@app/shared';
import type { StateFields } from './state-fields.js';

export type Item = Readonly<Record<string, unknown>>;

const NOTHING: Earlier = { items: [], ancestors: [], contextBytes: 0, routes: [] };

/** What the fields of a request stand for, of what is kept here. */
@Injectable()
export class EarlierItems {
  constructor(
    private readonly responses: EarlierResponses,
    private readonly conversations: Conversations,
    private readonly items: ConversationItems,
  ) {}

  /**
   * What comes before the caller's own items.
   *
   * @throws GatewayError (400, 403, 404) what of it is not here, or not open to the call; StoreUnavailableError (503)
   */
  async before(call: Call, { previousId, conversationId }: StateFields): Promise<Earlier> {
    if (conversationId !== null) {
      return this.inConversation(call, conversationId);
    }
    if (previousId === null) {
      return NOTHING;
    }
    if (!ResponseIds.isOwn(previousId)) {
      throw new PreviousResponseNotFoundError(previousId);
    }
    const earlier = await this.responses.of(call.projectId, previousId);
    assertOpen(call, earlier);
    return earlier;
  }

  /** The items with those ids, as far as they are here. @throws GatewayError (400, 403), StoreUnavailableError (503) */
  async referred(call: Call, ids: readonly string[]): Promise<ReadonlyMap<unknown, Item>> {
    const owners = new Set(ids.map(id => ResponseIds.responseOf(id) ?? ''));
    const found = await this.responses.together(call.projectId, [...owners]);
    assertOpen(call, found);
    return byId(found.items);
  }

  private async inConversation(call: Call, id: string): Promise<Earlier> {
    if (!Conversations.isOwn(id)) {
      throw new InvalidRequestError(
        `The conversation '${id.slice(0, 80)}' is not kept by this gateway, so only the vendor that keeps it can go on ` +
          'with it. Make one with POST /v1/conversations.',
        'conversation',
        'conversation_not_found',
      );
    }
    const { bytes } = await this.conversations.get(call.projectId, id);
    await assertConversationOpen(call, this.items, id);
    return { ...NOTHING, items: await this.items.all(id), contextBytes: bytes };
  }
}

/** By their ids. */
export function byId(items: readonly Item[]): ReadonlyMap<unknown, Item> {
  return new Map(items.map(item => [item['id'], item]));
}

/** A key that is for some models reads nothing of a conversation in which others answered. @throws GatewayError (403) */
export async function assertConversationOpen(
  call: Call,
  items: ConversationItems,
  id: string,
): Promise<void> {
  assertOpen(call, { routes: call.permission ? await items.routes(id) : [] });
}

/** A key that is for some models reads nothing of the others by going on from it. */
function assertOpen({ permission }: Call, { routes }: Pick<Earlier, 'routes'>): void {
  for (const { provider, model } of permission ? routes : []) {
    permission?.assertRoute(provider, model);
  }
}
