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
import { AdminUserChanges } from '../domain/admin-user-changes.service.js';
import { AdminUser, IssuedAdminUser } from '../domain/admin-user.entity.js';
import { AdminUsersService } from '../domain/admin-users.service.js';
import { AdminUserPage, CreateAdminUser, UpdateAdminUser } from './admin-users.dto.js';

@Access('owner')
@Controller('admin/users')
@UseInterceptors(EntityTagInterceptor)
export class AdminUsersController {
  constructor(
    private readonly users: AdminUsersService,
    private readonly changes: AdminUserChanges,
  ) {}

  /** Creates a user of the management API. The admin key is shown here and never again. */
  @Post()
  create(@By() by: Author, @Body() user: CreateAdminUser): Promise<IssuedAdminUser> {
    return this.changes.create(by, user);
  }

  /** Lists the users of the management API, oldest first. */
  @Get()
  list(@Query() page: PageQuery): Promise<AdminUserPage> {
    return this.users.list(page);
  }

  /** Shows a user of the management API. */
  @Get(':id')
  get(@Param('id') id: string): Promise<AdminUser> {
    return this.users.get(id);
  }

  /** Changes name or role of a user. The last owner stays one. */
  @ApiConflictResponse()
  @Patch(':id')
  @Conditional()
  update(@By() by: Author, @Param('id') id: string, @Body() changes: UpdateAdminUser): Promise<AdminUser> {
    return this.changes.update(by, id, changes);
  }

  /** Gives a user a new admin key, shown once; within a second the old one answers 401. */
  @ApiConflictResponse()
  @Post(':id/rotate')
  @Conditional()
  rotate(@By() by: Author, @Param('id') id: string): Promise<IssuedAdminUser> {
    return this.changes.rotate(by, id);
  }

  /** Revokes the key of a user, for good. The last owner stays. */
  @ApiConflictResponse()
  @Delete(':id')
  @HttpCode(204)
  @Conditional()
  revoke(@By() by: Author, @Param('id') id: string): Promise<void> {
    return this.changes.revoke(by, id);
  }
}
