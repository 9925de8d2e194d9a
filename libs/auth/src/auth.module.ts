import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerStorageService } from '@nestjs/throttler';
import { LimitsModule } from '@app/limits';
import { ProjectsModule } from '@app/projects';
import { AdminDoor } from './api/admin-door.js';
import { ApiKeyGuard } from './api/api-key.guard.js';
import { BrowserSessions } from './api/browser-sessions.js';
import { CallOpener } from './api/call-opener.js';
import { SessionController } from './api/session.controller.js';
import { Admission } from './domain/admission.js';
import { KeyAccess } from './domain/key-access.js';
import { WrongKeys } from './domain/wrong-keys.js';
import { ThrottledWrongKeys } from './infrastructure/throttled-wrong-keys.js';

@Module({
  imports: [LimitsModule, ProjectsModule],
  controllers: [SessionController],
  providers: [
    AdminDoor,
    Admission,
    ApiKeyGuard,
    BrowserSessions,
    CallOpener,
    KeyAccess,
    ThrottlerStorageService,
    { provide: WrongKeys, useClass: ThrottledWrongKeys },
    { provide: APP_GUARD, useExisting: ApiKeyGuard },
  ],
  exports: [Admission, ApiKeyGuard],
})
export class AuthModule {}
