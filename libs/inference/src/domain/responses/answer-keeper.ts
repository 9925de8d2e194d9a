import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Loss } from '@app/dialects';
import {
  Conversations,
  KeptResponses,
  outputOf,
  type ResponseStatus,
  TooLargeToKeepError,
} from '@app/responses';
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
    try {
      if (!(await insist(() => this.kept.renewLease(id)))) {
        return; // cancelled or deleted: nobody wants it any more
      }
      const losses: Loss[] = [];
      if (note.conversationId !== null) {
        await this.attempt('conversation', losses, () => this.append(note, response));
      }
      await this.end(note, withLosses(response, losses));
    } catch (error) {
      this.logger.error({ err: error, responseId: id }, 'A background response is lost.');
    }
  }

  private async end(note: Note, response: Response): Promise<void> {
    const { contextBytes, input } = note;
    const head = { id: String(response['id']), contextBytes };
    const keep = (what: Response): Promise<boolean> =>
      insist(() => this.kept.finish(head, endingOf(what), { response: what, input }));
    try {
      await keep(response);
    } catch (error) {
      if (!(error instanceof TooLargeToKeepError)) {
        throw error;
      }
      await keep({ ...response, ...unkept(error) });
    }
  }

  private async append(note: Note, response: Response): Promise<void> {
    const { conversationId, input, provider, model } = note;
    const status = endingOf(response);
    if (conversationId !== null && (status === 'completed' || status === 'incomplete')) {
      const said = [...input, ...outputOf(response)];
      await this.conversations.append(note, conversationId, said, { provider, model });
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

/** Tries again while the store is down. @throws StoreUnavailableError when it stays so, and what the work throws */
async function insist<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || tries === TRIES) {
        throw error;
      }
    }
    await delay(RETRY_MS, undefined, { ref: false });
  }
}

/** What becomes of a response whose answer has no room in the store; its usage stays, for it was used. */
function unkept({ message }: TooLargeToKeepError): Response {
  const error = { code: 'server_error', message: `The answer could not be kept. ${message}` };
  return { status: 'failed', incomplete_details: null, error, output: [] };
}

/** What is not kept says so, as OpenAI would. */
export function withLosses(response: Response, losses: readonly Loss[]): Response {
  const { x_llmhub: llmhub } = response;
  const { warnings = [], ...rest } = (llmhub ?? {}) as { readonly warnings?: readonly Loss[] };
  const isLost = (field: string): boolean => losses.some(loss => loss.field === field);
  return {
    ...response,
    ...(isLost('store') && { store: false }),
    ...(isLost('conversation') && { conversation: null }),
    ...(llmhub !== undefined && { x_llmhub: { ...rest, warnings: [...warnings, ...losses] } }),
  };
}
