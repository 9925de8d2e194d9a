import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  UseInterceptors,
} from '@nestjs/common';
import { ApiConflictResponse } from '@nestjs/swagger';
import { Access, type Author, By, Conditional, EntityTagInterceptor, PageQuery } from '@app/shared';
import { RoutingPoliciesService } from '../domain/policies/routing-policies.service.js';
import { RoutingPolicyChanges } from '../domain/policies/routing-policy-changes.service.js';
import { RoutingPolicy } from '../domain/policies/routing-policy.entity.js';
import {
  CreateRoutingPolicy,
  RestoreRoutingPolicy,
  RoutingPolicyPage,
  RoutingPolicyVersions,
  UpdateRoutingPolicy,
} from './routing-policies.dto.js';

@Access('admin')
@Controller('admin/projects/:projectId/routing-policies')
@UseInterceptors(EntityTagInterceptor)
export class RoutingPoliciesController {
  constructor(
    private readonly policies: RoutingPoliciesService,
    private readonly changes: RoutingPolicyChanges,
  ) {}

  /** Makes a name that callers may send as `model` stand for some models, and says how a call finds one of them. */
  @ApiConflictResponse()
  @Post()
  create(
    @By() by: Author,
    @Param('projectId') projectId: string,
    @Body() policy: CreateRoutingPolicy,
  ): Promise<RoutingPolicy> {
    return this.changes.create(by, projectId, policy);
  }

  /** Lists the routing policies of a project, oldest first. */
  @Get()
  list(@Param('projectId') projectId: string, @Query() page: PageQuery): Promise<RoutingPolicyPage> {
    return this.policies.list(projectId, page);
  }

  /** Shows a routing policy. */
  @Get(':id')
  get(@Param('projectId') projectId: string, @Param('id') id: string): Promise<RoutingPolicy> {
    return this.policies.get(projectId, id);
  }

  /** Changes a routing policy by a JSON merge patch: what is left out stays, null gives the default again. In force within a second. */
  @Patch(':id')
  @Conditional()
  update(
    @By() by: Author,
    @Param('projectId') projectId: string,
    @Param('id') id: string,
    @Body() patch: UpdateRoutingPolicy,
  ): Promise<RoutingPolicy> {
    return this.changes.update(by, projectId, id, patch);
  }

  /** Lists the versions of a routing policy, newest first; also of one that was deleted. */
  @Get(':id/versions')
  versions(
    @Param('projectId') projectId: string,
    @Param('id') id: string,
    @Query() page: PageQuery,
  ): Promise<RoutingPolicyVersions> {
    return this.policies.versions(projectId, id, page);
  }

  /** Makes an earlier version of a routing policy the newest. One that was deleted comes back with it. */
  @Post(':id/restore')
  @HttpCode(200)
  @Conditional()
  restore(
    @By() by: Author,
    @Param('projectId') projectId: string,
    @Param('id') id: string,
    @Body() { version }: RestoreRoutingPolicy,
  ): Promise<RoutingPolicy> {
    return this.changes.restore(by, projectId, id, version);
  }

  /** Deletes a routing policy; its name means a real model again, or none. Its versions are kept, and can be restored. */
  @Delete(':id')
  @HttpCode(204)
  @Conditional()
  delete(@By() by: Author, @Param('projectId') projectId: string, @Param('id') id: string): Promise<void> {
    return this.changes.delete(by, projectId, id);
  }
}
