import { type DynamicModule, Module } from '@nestjs/common';
import { ProjectsModule } from '@app/projects';
import { type Environment, SharedModule } from '@app/shared';
import { ProjectContentsModule } from '../project-contents.module.js';

/** What the command line needs: the services of the management API on the configured store, without a server. */
@Module({ imports: [ProjectsModule, ProjectContentsModule] })
export class AdminModule {
  static forRoot(env?: Environment): DynamicModule {
    return { module: AdminModule, imports: [SharedModule.forRoot(env)] };
  }
}
