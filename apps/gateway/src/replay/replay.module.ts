import { type DynamicModule, Module } from '@nestjs/common';
import { DecisionsModule } from '@app/analytics';
import { type Environment, SharedModule } from '@app/shared';

/** What a replay needs: the recorded decisions of the configured store, without a server. */
@Module({ imports: [DecisionsModule] })
export class ReplayModule {
  static forRoot(env?: Environment): DynamicModule {
    return { module: ReplayModule, imports: [SharedModule.forRoot(env)] };
  }
}
