import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBadGatewayResponse,
  ApiConflictResponse,
  ApiGatewayTimeoutResponse,
  ApiTags,
} from '@nestjs/swagger';
import { Access } from '@app/shared';
import { ProviderKeyCheck } from '../domain/provider-key-check.js';
import { ProviderKeyVerdict } from './provider-key-check.dto.js';

@ApiTags('ProviderKeys')
@Access('admin')
@Controller('admin/projects/:projectId/provider-keys/:id/verify')
export class ProviderKeyChecksController {
  constructor(private readonly check: ProviderKeyCheck) {}

  /** Asks the vendor, at no cost, whether it takes a vendor key. */
  @Post()
  @ApiConflictResponse()
  @ApiBadGatewayResponse()
  @ApiGatewayTimeoutResponse()
  @HttpCode(200)
  verify(@Param('projectId') projectId: string, @Param('id') id: string): Promise<ProviderKeyVerdict> {
    return this.check.verify(projectId, id);
  }
}
