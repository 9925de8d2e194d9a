import { type DynamicModule, Module } from '@nestjs/common';
import { APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { AlertsModule } from '@app/alerts';
import { AnalyticsModule } from '@app/analytics';
import { AudioModule } from '@app/audio';
import { AuthModule } from '@app/auth';
import { BudgetsModule } from '@app/budgets';
import { IdempotencyModule } from '@app/idempotency';
import { InferenceModule } from '@app/inference';
import { PricingModule } from '@app/pricing';
import { ProjectsModule } from '@app/projects';
import { RealtimeModule } from '@app/realtime';
import { TelemetryModule } from '@app/telemetry';
import { type Environment, SharedModule, validationPipe } from '@app/shared';
import { ExpiringKindsModule } from './expiring-kinds.module.js';
import { HealthController } from './health.controller.js';
import { Lifecycle } from './lifecycle.js';
import { OpenWork } from './open-work.js';
import { ManagementBodyInterceptor } from './management-body.interceptor.js';
import { ProjectContentsModule } from './project-contents.module.js';
import { VendorIdsModule } from './vendor-ids.module.js';

/** The composition root: it lists, and decides nothing. */
@Module({
  imports: [
    AuthModule,
    ProjectsModule,
    PricingModule,
    BudgetsModule,
    AnalyticsModule,
    AlertsModule,
    InferenceModule,
    IdempotencyModule,
    AudioModule,
    RealtimeModule,
    TelemetryModule,
    ProjectContentsModule,
    ExpiringKindsModule,
    VendorIdsModule,
  ],
  controllers: [HealthController],
  providers: [
    Lifecycle,
    OpenWork,
    { provide: APP_INTERCEPTOR, useClass: ManagementBodyInterceptor },
    { provide: APP_PIPE, useFactory: validationPipe },
  ],
})
export class GatewayModule {
  /** `env` replaces the environment and the `.env` files (tests). */
  static forRoot(env?: Environment): DynamicModule {
    return { module: GatewayModule, imports: [SharedModule.forRoot(env)] };
  }
}
