import { Injectable } from '@nestjs/common';
import { KeepingTerms } from './keeping-terms.js';
import type { KeptResponse, Wire } from './kept-response.entity.js';
import { KeptResponses } from './kept-responses.service.js';
import {
  ContextTooLargeError,
  PreviousResponseInConversationError,
  PreviousResponseNotFoundError,
  PreviousResponseUnfinishedError,
  ResponseNotFoundError,
} from './responses.errors.js';

/** Ids of them stand in each record. */
const MOST_ANCESTORS = 1000;
/** Each is opened as a whole, whatever is wanted of it. */
const MOST_TOGETHER = 100;
const PARAM = 'previous_response_id';

/** What was said before a response. */
export interface Earlier {
  readonly items: readonly Wire[];
  readonly ancestors: readonly string[];
  readonly contextBytes: number;
  /** Who answered. */
  readonly routes: readonly Pick<KeptResponse, 'provider' | 'model'>[];
}

/** What was said in the responses that another one goes on from. */
@Injectable()
export class EarlierResponses {
  constructor(
    private readonly kept: KeptResponses,
    private readonly terms: KeepingTerms,
  ) {}

  /**
   * Input and output of a response and of all that it goes on from, in order. Instructions are not among them.
   *
   * @throws PreviousResponseNotFoundError, PreviousResponseUnfinishedError, PreviousResponseInConversationError,
   *   ContextTooLargeError (400)
   * @throws StoreUnavailableError (503)
   */
  async of(projectId: string, previousId: string): Promise<Earlier> {
    const previous = await this.find(projectId, previousId);
    if (previous.status !== 'completed' && previous.status !== 'incomplete') {
      throw new PreviousResponseUnfinishedError(previousId, previous.status.replace('_', ' '));
    }
    const { contextBytes, conversationId } = previous;
    if (conversationId !== null) {
      throw new PreviousResponseInConversationError(previousId, conversationId);
    }
    const ancestors = [...previous.ancestors, previousId];
    this.terms.assertFits(PARAM, contextBytes);
    assertCount(PARAM, ancestors.length, MOST_ANCESTORS);
    const found = await this.kept.getAll(projectId, previous.ancestors);
    const responses = previous.ancestors.map(id => {
      const ancestor = found.get(id);
      if (!ancestor) {
        throw new PreviousResponseNotFoundError(id);
      }
      return ancestor;
    });
    const routes = [...responses, previous];
    return { items: routes.flatMap(itemsOf), ancestors, contextBytes, routes };
  }

  /**
   * The same of responses that need not go on from each other, as far as they are there.
   *
   * @throws ContextTooLargeError (400), StoreUnavailableError (503)
   */
  async together(projectId: string, ids: readonly string[]): Promise<Pick<Earlier, 'items' | 'routes'>> {
    assertCount('input', ids.length, MOST_TOGETHER);
    const found = [...(await this.kept.getAll(projectId, ids)).values()];
    return { items: found.flatMap(itemsOf), routes: found };
  }

  private async find(projectId: string, id: string): Promise<KeptResponse> {
    try {
      return await this.kept.get(projectId, id);
    } catch (error) {
      throw error instanceof ResponseNotFoundError ? new PreviousResponseNotFoundError(id) : error;
    }
  }
}

function itemsOf({ input, response }: Pick<KeptResponse, 'input' | 'response'>): Wire[] {
  return [...input, ...outputOf(response)];
}

export function outputOf({ output }: Wire): Wire[] {
  return Array.isArray(output) ? (output as Wire[]) : [];
}

function assertCount(param: string, responses: number, most: number): void {
  if (responses > most) {
    throw new ContextTooLargeError(param, `${responses} responses, where ${most} are allowed`);
  }
}
