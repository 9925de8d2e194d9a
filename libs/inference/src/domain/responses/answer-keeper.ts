import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Loss } from '@app/dialects';
import { Conversations, KeptResponses, outputOf, type ResponseStatus } from '@app/responses';
import { GatewayError, LOGGER, type Logger, StoreUnavailableError } from '@app/shared';
import type { Note } from './recalled.js';

export type Response = Readonly<Record<string, unknown>>;

const ENDINGS = ['completed', 'incomplete', 'failed', 'cancelled'] as const;
/** As long as another gateway believes that this one works on it. */
const TRIES = 50;
const RETRY_MS = 1000;

/** Takes answers down: as responses, and at the end of their conversations. */
@Injectable()
export class AnswerKeeper {
  constructor(
    private readonly kept: KeptResponses,
    private readonly conversations: Conversations,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Never throws: the answer is there, and its caller gets it. What could not be kept comes back. */
  async take(note: Note, response: Response): Promise<readonly Loss[]> {
    const losses: Loss[] = [];
    const { keeps, ...head } = note;
    if (note.conversationId !== null) {
      await this.attempt('conversation', losses, () => this.append(note, response));
    }
    if (keeps) {
      const id = String(response['id']);
      await this.attempt('store', losses, () =>
        this.kept.keep({ ...head, id, status: endingOf(response), response }),
      );
    }
    return losses;
  }

  /** Ends a response that its caller did not wait for. Never throws; while the store is down it tries again. */
  async finish(note: Note, response: Response): Promise<void> {
    const id = String(response['id']);
    for (let tries = 0; tries < TRIES; tries++) {
      try {
        const head = { id, contextBytes: note.contextBytes };
        const ended = await this.kept.finish(head, endingOf(response), { response, input: note.input });
        if (ended && note.conversationId !== null) {
          await this.append(note, response);
        }
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) {
          this.logger.error({ err: error, responseId: id }, 'A background response could not be kept.');
          return;
        }
      }
      await delay(RETRY_MS, undefined, { ref: false });
    }
    this.logger.error({ responseId: id }, 'The store is down: a background response is lost.');
  }

  private async append(note: Note, response: Response): Promise<void> {
    const { projectId, conversationId, input, provider, model } = note;
    const status = endingOf(response);
    if (conversationId !== null && (status === 'completed' || status === 'incomplete')) {
      const said = [...input, ...outputOf(response)];
      await this.conversations.append(projectId, conversationId, said, { provider, model });
    }
  }

  private async attempt(field: string, losses: Loss[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const why = error instanceof GatewayError ? error.message : 'Internal error.';
      this.logger.warn({ err: error, field }, 'An answer could not be kept.');
      losses.push({ field, action: 'dropped', detail: `The answer could not be kept: ${why}` });
    }
  }
}

function endingOf({ status }: Response): Exclude<ResponseStatus, 'in_progress'> {
  return ENDINGS.find(known => known === status) ?? 'completed';
}
