import { type DynamicModule, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';
import { json, type NextFunction, type Request, type Response } from 'express';
import { AnalyticsModule } from '@app/analytics';
import { AudioModule } from '@app/audio';
import { AuthModule } from '@app/auth';
import { InferenceModule } from '@app/inference';
import { ProjectsModule } from '@app/projects';
import { type Environment, requireJson, SharedModule, validationPipe } from '@app/shared';
import { HealthController } from './health.controller.js';
import { Lifecycle } from './lifecycle.js';
import { VendorIdsModule } from './vendor-ids.module.js';

/** The composition root: it lists, and decides nothing. */
@Module({
  imports: [AuthModule, ProjectsModule, AnalyticsModule, InferenceModule, AudioModule, VendorIdsModule],
  controllers: [HealthController],
  providers: [Lifecycle, { provide: APP_PIPE, useFactory: validationPipe }],
})
export class GatewayModule implements NestModule {
  /** `env` replaces the environment and the `.env` files (tests). */
  static forRoot(env?: Environment): DynamicModule {
    return { module: GatewayModule, imports: [SharedModule.forRoot(env)] };
  }

  /** Only management bodies are parsed by the framework; inference reads its own bytes. */
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(onlyJson, json({ limit: '1mb', type: () => true })).forRoutes('admin/{*path}');
  }
}

function onlyJson(request: Request, _response: Response, next: NextFunction): void {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (length !== '0' || encoding !== undefined) {
    requireJson(request);
  }
  next();
}
