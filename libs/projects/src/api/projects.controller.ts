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
import { ProjectChanges } from '../domain/project-changes.service.js';
import { CreatedProject, Project } from '../domain/project.entity.js';
import { ProjectsService } from '../domain/projects.service.js';
import { KnownVendorsPipe } from './known-vendors.pipe.js';
import { CreateProject, ProjectPage, UpdateProject } from './projects.dto.js';

@Access('admin')
@Controller('admin/projects')
@UseInterceptors(EntityTagInterceptor)
export class ProjectsController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly changes: ProjectChanges,
  ) {}

  /** Creates a project. Its first API key is shown here and never again. */
  @Post()
  create(@By() by: Author, @Body(KnownVendorsPipe) settings: CreateProject): Promise<CreatedProject> {
    return this.changes.create(by, settings);
  }

  /** Lists the projects, oldest first. */
  @Get()
  list(@Query() page: PageQuery): Promise<ProjectPage> {
    return this.projects.list(page);
  }

  /** Shows a project. */
  @Get(':id')
  get(@Param('id') id: string): Promise<Project> {
    return this.projects.get(id);
  }

  /** Changes the given settings of a project. */
  @Patch(':id')
  @Conditional()
  update(
    @By() by: Author,
    @Param('id') id: string,
    @Body(KnownVendorsPipe) changes: UpdateProject,
  ): Promise<Project> {
    return this.changes.update(by, id, changes);
  }

  /** Suspends a project: its keys answer 403 from now on. */
  @Post(':id/suspend')
  @HttpCode(200)
  @Conditional()
  suspend(@By() by: Author, @Param('id') id: string): Promise<Project> {
    return this.changes.suspend(by, id);
  }

  /** Lets a suspended project work again. */
  @Post(':id/activate')
  @HttpCode(200)
  @Conditional()
  activate(@By() by: Author, @Param('id') id: string): Promise<Project> {
    return this.changes.activate(by, id);
  }

  /** Deletes a project: its keys stop at once, and until `deletesAt` it can be restored. Usage records stay. */
  @Delete(':id')
  @Conditional()
  delete(@By() by: Author, @Param('id') id: string): Promise<Project> {
    return this.changes.delete(by, id);
  }

  /** Restores a deleted project whose `deletesAt` has not come. */
  @ApiConflictResponse()
  @Post(':id/restore')
  @HttpCode(200)
  @Conditional()
  restore(@By() by: Author, @Param('id') id: string): Promise<Project> {
    return this.changes.restore(by, id);
  }
}
