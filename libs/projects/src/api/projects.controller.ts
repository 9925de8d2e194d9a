import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Access, PageQuery } from '@app/shared';
import { CreatedProject, Project } from '../domain/project.entity.js';
import { ProjectsService } from '../domain/projects.service.js';
import { CreateProject, ProjectPage, UpdateProject } from './projects.dto.js';

@Access('admin')
@Controller('admin/projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  /** Creates a project. Its first API key is shown here and never again. */
  @Post()
  create(@Body() settings: CreateProject): Promise<CreatedProject> {
    return this.projects.create(settings);
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
  update(@Param('id') id: string, @Body() changes: UpdateProject): Promise<Project> {
    return this.projects.update(id, changes);
  }

  /** Suspends a project: its keys answer 403 from now on. */
  @Post(':id/suspend')
  @HttpCode(200)
  suspend(@Param('id') id: string): Promise<Project> {
    return this.projects.suspend(id);
  }

  /** Lets a suspended project work again. */
  @Post(':id/activate')
  @HttpCode(200)
  activate(@Param('id') id: string): Promise<Project> {
    return this.projects.activate(id);
  }
}
