import { Global, Module } from '@nestjs/common';
import { ExpiringKinds } from '@app/analytics';
import { ProjectContents } from '@app/projects';

/** Of an application of `analytics` alone: no other feature keeps anything. */
@Global()
@Module({
  providers: [
    { provide: ExpiringKinds, useValue: { all: [] } },
    { provide: ProjectContents, useValue: { sealed: [] } },
  ],
  exports: [ExpiringKinds, ProjectContents],
})
export class NoOtherFeatures {}
