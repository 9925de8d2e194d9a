import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerStorageService } from '@nestjs/throttler';
import { ProjectsModule } from '@app/projects';
import { ApiKeyGuard } from './api/api-key.guard.js';
import { Admission } from './domain/admission.js';
import { KeyAccess } from './domain/key-access.js';
import { WrongKeys } from './domain/wrong-keys.js';
import { ThrottledWrongKeys } from './infrastructure/throttled-wrong-keys.js';

@Module({
  imports: [ProjectsModule],
  providers: [
    Admission,
    ApiKeyGuard,
    KeyAccess,
    ThrottlerStorageService,
    { provide: WrongKeys, useClass: ThrottledWrongKeys },
    { provide: APP_GUARD, useExisting: ApiKeyGuard },
  ],
  exports: [Admission, ApiKeyGuard],
})
export class AuthModule {}
