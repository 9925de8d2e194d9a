import { Injectable } from '@nestjs/common';
import { estimateInput } from '@app/dialects';
import { ApiKeysService } from '@app/projects';
import { Clock, given, InvalidRequestError } from '@app/shared';
import { type Policies, PolicyBook } from '../policies/policy-book.js';
import { compile, completed, type NewPolicy, toRecord } from '../policies/policy-definition.js';
import { PolicySoundness } from '../policies/policy-soundness.js';
import type { RouteRequest } from '../route-request.js';
import type { RoutingQuestion } from './routing-question.js';

/** A call that nobody makes, as planning sees it. */
export interface ImaginedCall {
  readonly request: RouteRequest;
  readonly policies: Policies;
}

/** Makes a request of a question, as it would come from a caller of the project. */
@Injectable()
export class ImaginedCalls {
  constructor(
    private readonly apiKeys: ApiKeysService,
    private readonly book: PolicyBook,
    private readonly soundness: PolicySoundness,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws NotFoundError for an unknown project or key, ProjectDeletedError (409) for a project that is deleted;
   * InvalidRequestError (400) naming what is wrong in the draft
   */
  async of(question: RoutingQuestion): Promise<ImaginedCall> {
    const { projectId, model, body = {}, stream = body['stream'] === true, headers, inputTokens } = question;
    const permission = await this.apiKeys.routePermission(projectId, question.apiKeyId);
    const routing = headers ? given(headers) : {};
    const isAsking = Object.keys(routing).length > 0;
    const call = { projectId, permission, routing: isAsking ? routing : null, receivedAt: this.clock.now() };
    const countInput = (): number => inputTokens ?? estimateInput(body);
    const stored = await this.book.get(projectId);
    return {
      request: { call, model, body, stream, countInput },
      policies: question.policy ? await this.withDraft(stored, projectId, question.policy) : stored,
    };
  }

  private async withDraft(
    stored: Policies,
    projectId: string,
    { name, ...options }: NewPolicy,
  ): Promise<Policies> {
    const definition = completed(given(options));
    try {
      await this.soundness.assert(projectId, definition);
    } catch (error) {
      if (error instanceof InvalidRequestError) {
        throw new InvalidRequestError(`policy.${error.message}`, `policy.${error.param ?? ''}`);
      }
      throw error;
    }
    const at = new Date(this.clock.now()).toISOString();
    const unsaved = {
      id: '',
      projectId,
      createdAt: at,
      updatedAt: at,
      authorId: '',
      authorName: '',
      version: 0,
    };
    return new Map([...stored, [name, compile(toRecord({ ...unsaved, name, ...definition }))]]);
  }
}
