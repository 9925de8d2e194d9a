import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '@app/shared';
import { NoUpgradeError } from '../domain/realtime.errors.js';

/** What is at the address of sessions without an upgrade. OpenAPI has no words for WebSockets. */
@Access('project')
@ApiExcludeController()
@Controller('v1/realtime')
export class RealtimeController {
  /** @throws NoUpgradeError (426) */
  @Get()
  open(): never {
    throw new NoUpgradeError();
  }
}
