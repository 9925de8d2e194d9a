import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerStorageService } from '@nestjs/throttler';
import { LimitsModule } from '@app/limits';
import { ProjectsModule } from '@app/projects';
import { ApiKeyGuard } from './api/api-key.guard.js';
import { CallOpener } from './api/call-opener.js';
import { Admission } from './domain/admission.js';
import { KeyAccess } from './domain/key-access.js';
import { WrongKeys } from './domain/wrong-keys.js';
import { ThrottledWrongKeys } from './infrastructure/throttled-wrong-keys.js';

@Module({
  imports: [LimitsModule, ProjectsModule],
  providers: [
    Admission,
    ApiKeyGuard,
    CallOpener,
    KeyAccess,
    ThrottlerStorageService,
    { provide: WrongKeys, useClass: ThrottledWrongKeys },
    { provide: APP_GUARD, useExisting: ApiKeyGuard },
  ],
  exports: [Admission, ApiKeyGuard],
})
export class AuthModule {}
