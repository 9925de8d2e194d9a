import { Injectable } from '@nestjs/common';
import { ItemNotFoundError, type KeptResponse, KeptResponses } from '@app/responses';
import type { Call } from '@app/shared';
import type { Response } from './answer-keeper.js';
import { BackgroundResponses } from './background-responses.js';
import { itemList, type ItemQuery } from './item-page.js';
import { NotStreamableError } from './response-state.errors.js';

/** What callers ask of responses that are kept here. A key sees those of models that are open to it. */
@Injectable()
export class KeptResponseRequests {
  constructor(
    private readonly kept: KeptResponses,
    private readonly background: BackgroundResponses,
  ) {}

  /** @throws ResponseNotFoundError (404), NotStreamableError (400), GatewayError (403) */
  async get(call: Call, id: string, { stream }: Readonly<Record<string, unknown>>): Promise<Response> {
    if (stream === 'true') {
      throw new NotStreamableError();
    }
    return (await this.find(call, id)).response;
  }

  /** @throws ResponseNotFoundError (404), GatewayError (403) */
  async delete(call: Call, id: string): Promise<object> {
    await this.find(call, id);
    await this.kept.delete(call.projectId, id);
    this.background.stop(id);
    return { id, object: 'response', deleted: true };
  }

  /** @throws ResponseNotFoundError (404), NotCancellableError (400), GatewayError (403) */
  async cancel(call: Call, id: string): Promise<Response> {
    return this.background.cancel(await this.find(call, id));
  }

  /** What it was asked with. @throws ResponseNotFoundError, ItemNotFoundError (404), GatewayError (403) */
  async inputItems(call: Call, id: string, { order, limit, after }: ItemQuery): Promise<object> {
    const { input } = await this.find(call, id);
    const ordered = order === 'asc' ? input : input.toReversed();
    const start = after === undefined ? 0 : ordered.findIndex(item => item['id'] === after) + 1;
    if (after !== undefined && start === 0) {
      throw new ItemNotFoundError(after, 'after');
    }
    return itemList(ordered.slice(start), limit);
  }

  private async find({ projectId, permission }: Call, id: string): Promise<KeptResponse> {
    const kept = await this.kept.get(projectId, id);
    permission?.assertRoute(kept.provider, kept.model);
    return kept;
  }
}
