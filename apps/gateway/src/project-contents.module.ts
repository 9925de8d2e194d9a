import { Global, Injectable, Module } from '@nestjs/common';
import { BudgetStorageModule, KeptBudgets } from '@app/budgets';
import { KeptAnswerRepository, KeptAnswersModule } from '@app/idempotency';
import { ProjectContents } from '@app/projects';
import { ProjectResponses, ResponsesModule } from '@app/responses';
import { KeptPolicies, PolicyStorageModule } from '@app/routing';
import type { SealedRecords } from '@app/shared';

/** What a project has in all the features that keep something for it. */
@Injectable()
class AllContents extends ProjectContents {
  constructor(
    private readonly responses: ProjectResponses,
    private readonly policies: KeptPolicies,
    private readonly answers: KeptAnswerRepository,
    private readonly budgets: KeptBudgets,
  ) {
    super();
  }

  get sealed(): readonly SealedRecords[] {
    return [...this.responses.sealed, this.answers];
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.policies.deleteOf(projectId);
    await this.responses.deleteOf(projectId);
    await this.answers.deleteOf(projectId);
    await this.budgets.deleteOf(projectId);
  }
}

/** Lets `projects`, which may not use these features, delete what a project has there, and seal it anew. */
@Global()
@Module({
  imports: [ResponsesModule, PolicyStorageModule, KeptAnswersModule, BudgetStorageModule],
  providers: [{ provide: ProjectContents, useClass: AllContents }],
  exports: [ProjectContents],
})
export class ProjectContentsModule {}
