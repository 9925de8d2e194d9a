import { Global, Module } from '@nestjs/common';
import { AlertRepository, AlertStorageModule, KeptAlerts } from '@app/alerts';
import { TranscriptionRecordRepository, TranscriptionStorageModule } from '@app/audio';
import { BudgetStorageModule, KeptBudgets } from '@app/budgets';
import { KeptAnswerRepository, KeptAnswersModule } from '@app/idempotency';
import { AnswerStorageModule, CachedAnswerRepository, QuestionIndex } from '@app/optimization';
import { ProjectContents } from '@app/projects';
import { ProjectResponses, ResponsesModule } from '@app/responses';
import { KeptPolicies, PolicyStorageModule } from '@app/routing';
import type { SealedRecords } from '@app/shared';

interface Contents {
  deleteOf(projectId: string): Promise<void>;
}

type Rest = [KeptAnswerRepository, TranscriptionRecordRepository, AlertRepository, ...Contents[]];

/** What a project has in all the features that keep something for it. */
class AllContents extends ProjectContents {
  constructor(
    readonly sealed: readonly SealedRecords[],
    private readonly all: readonly Contents[],
  ) {
    super();
  }

  async deleteOf(projectId: string): Promise<void> {
    for (const contents of this.all) {
      await contents.deleteOf(projectId);
    }
  }
}

/** Lets `projects`, which may not use these features, delete what a project has there, and seal it anew. */
@Global()
@Module({
  imports: [
    ResponsesModule,
    PolicyStorageModule,
    KeptAnswersModule,
    BudgetStorageModule,
    AnswerStorageModule,
    TranscriptionStorageModule,
    AlertStorageModule,
  ],
  providers: [
    {
      provide: ProjectContents,
      inject: [
        ProjectResponses,
        KeptAlerts,
        KeptAnswerRepository,
        TranscriptionRecordRepository,
        AlertRepository,
        KeptPolicies,
        KeptBudgets,
        CachedAnswerRepository,
        QuestionIndex,
      ],
      useFactory: (
        responses: ProjectResponses,
        alerts: KeptAlerts,
        ...[answers, heard, hooks, ...others]: Rest
      ) =>
        new AllContents(
          [...responses.sealed, answers, heard, hooks],
          [responses, alerts, answers, heard, ...others],
        ),
    },
  ],
  exports: [ProjectContents],
})
export class ProjectContentsModule {}
