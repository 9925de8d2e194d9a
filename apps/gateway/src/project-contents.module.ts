import { Global, Module } from '@nestjs/common';
import { ProjectContents } from '@app/projects';
import { ProjectResponses, ResponsesModule } from '@app/responses';

/** Lets `projects`, which may not use `responses`, delete what a project has there, and seal it anew. */
@Global()
@Module({
  imports: [ResponsesModule],
  providers: [{ provide: ProjectContents, useExisting: ProjectResponses }],
  exports: [ProjectContents],
})
export class ProjectContentsModule {}
