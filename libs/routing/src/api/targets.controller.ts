import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/shared';
import { KeyCooldowns } from '../domain/health/key-cooldowns.js';
import { TargetStatusService } from '../domain/health/target-status.service.js';
import { TargetPage, TargetsQuery } from './targets.dto.js';

@ApiTags('RoutingPolicies')
@Access('admin')
@Controller('admin/routing/targets')
export class TargetsController {
  constructor(
    private readonly targets: TargetStatusService,
    private readonly cooldowns: KeyCooldowns,
  ) {}

  /** Lists what this gateway knows of the targets it calls: how fast they are, and which are left alone. */
  @Get()
  list(@Query() page: TargetsQuery): TargetPage {
    return { ...this.targets.list(page), coolingKeys: this.cooldowns.all() };
  }
}
