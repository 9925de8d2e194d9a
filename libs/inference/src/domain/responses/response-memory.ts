import { Injectable } from '@nestjs/common';
import { keepableItems, Losses, parseExact, ResponseIds } from '@app/dialects';
import { type Earlier, KeptResponses } from '@app/responses';
import { type Call, InvalidRequestError, removeMembers, spliceMembers } from '@app/shared';
import type { ParsedBody } from '../parse-body.js';
import type { Routed } from '../request-preparer.js';
import { byId, EarlierItems, type Item } from './earlier-items.js';
import { itemsForKeeper } from './items-for-keeper.js';
import type { Recalled } from './recalled.js';
import {
  assertBackground,
  ownOf,
  readState,
  referenceIn,
  speaksOfOwn,
  STATE_FIELDS,
  type StateFields,
} from './state-fields.js';

/**
 * Stands in for the memory that most vendors do not have: puts what was said before into a request, and notes what is to
 * become of its answer.
 */
@Injectable()
export class ResponseMemory {
  constructor(
    private readonly kept: KeptResponses,
    private readonly earlier: EarlierItems,
  ) {}

  /**
   * Null when there is nothing to recall and nothing to keep, or the vendor does both itself.
   *
   * @throws GatewayError (400, 403, 404) what of it is not here; StoreUnavailableError (503)
   */
  async recall(routed: Routed, call: Call): Promise<Recalled | null> {
    const { body, route } = routed;
    const vendorKeeps = route.dialect.id === 'openai-responses';
    if (!this.kept.keeps(call) || (vendorKeeps && !speaksOfOwn(body.json))) {
      return null;
    }
    const said = readState(body.json);
    const state = vendorKeeps ? ownOf(said) : said;
    assertBackground(state, body.stream, vendorKeeps);
    const keeps = !vendorKeeps && said.store !== false;
    if (!keeps && !refersBack(state)) {
      return null;
    }
    const before = await this.earlier.before(call, state);
    const input = await this.inputOf(body, call, before.items);
    if (said.store === true && keeps) {
      this.kept.assertKeepable(input);
    }
    const losses = new Losses();
    const items = [...before.items, ...input];
    const sent = vendorKeeps ? itemsForKeeper(items, losses) : items;
    losses.assertAcceptable(route.vendor.id, call.strict);
    const fields = vendorKeeps ? fieldsOf(state) : STATE_FIELDS;
    return {
      body: rewritten(body, fields, refersBack(state) ? sent : null),
      itemsBefore: sent.length - input.length,
      echo: vendorKeeps ? {} : echoOf(state, keeps),
      losses: losses.list,
      note:
        keeps || state.conversationId !== null
          ? { ...noteOf(routed, call, { before, state }), input, keeps }
          : null,
    };
  }

  /** What the caller sent, with the items themselves where it sent only their ids. */
  private async inputOf(body: ParsedBody, call: Call, before: readonly Item[]): Promise<readonly Item[]> {
    const { input } = parseExact(body.bytes.toString()) as { readonly input?: unknown };
    const here = byId(before);
    const items = keepableItems(input, new ResponseIds(call.id), new Set(here.keys()));
    const ids = items.map(referenceIn).filter(id => id !== null);
    if (ids.length === 0) {
      return items;
    }
    const referred = await this.earlier.referred(call, ids);
    return items.map(item => {
      const id = referenceIn(item);
      return id === null ? item : (referred.get(id) ?? here.get(id) ?? missing(id));
    });
  }
}

function missing(id: string): never {
  throw new InvalidRequestError(
    `Item with id '${id.slice(0, 80)}' not found. Send the item itself.`,
    'input',
    'item_not_found',
  );
}

function refersBack({ previousId, conversationId, references }: StateFields): boolean {
  return previousId !== null || conversationId !== null || references.length > 0;
}

function fieldsOf({ previousId, conversationId }: StateFields): string[] {
  return [
    ...(previousId === null ? [] : ['previous_response_id']),
    ...(conversationId === null ? [] : ['conversation']),
  ];
}

/** @param input null for the one that is there */
function rewritten(body: ParsedBody, fields: readonly string[], input: readonly Item[] | null): ParsedBody {
  const present = fields.filter(field => field in body.json);
  const json: Record<string, unknown> = { ...body.json };
  for (const field of present) {
    delete json[field];
  }
  const bytes = present.length === 0 ? body.bytes : removeMembers(body.bytes, present);
  if (!input) {
    return { ...body, bytes, json };
  }
  const members = { input: JSON.stringify(input) };
  return { ...body, bytes: spliceMembers(bytes, members), json: { ...json, input } };
}

function echoOf(state: StateFields, keeps: boolean): Recalled['echo'] {
  const { previousId, conversationId, background } = state;
  return {
    store: keeps,
    background,
    previous_response_id: previousId,
    ...(conversationId !== null && { conversation: { id: conversationId } }),
  };
}

function noteOf(
  { route }: Routed,
  { projectId, responseDays, receivedAt }: Call,
  { before, state }: { readonly before: Earlier; readonly state: StateFields },
): Omit<NonNullable<Recalled['note']>, 'input' | 'keeps'> {
  return {
    projectId,
    ...(responseDays !== undefined && { responseDays }),
    createdAt: receivedAt,
    provider: route.vendor.id,
    model: route.target.model,
    ancestors: before.ancestors,
    contextBytes: before.contextBytes,
    conversationId: state.conversationId,
    background: state.background,
  };
}
