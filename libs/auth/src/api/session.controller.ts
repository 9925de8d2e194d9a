import type { ServerResponse } from 'node:http';
import { Body, Controller, Delete, Get, HttpCode, Post, Req } from '@nestjs/common';
import { Access, type AdminRequest, type Author, By, ReplyHead } from '@app/shared';
import { AdminDoor } from './admin-door.js';
import { BrowserSessions } from './browser-sessions.js';
import { LogIn, SessionView } from './session.dto.js';

/** Log-in for browsers: a session opens the management API as the key does, and no script sees either. */
@Controller('admin/session')
export class SessionController {
  constructor(
    private readonly door: AdminDoor,
    private readonly sessions: BrowserSessions,
  ) {}

  /** Logs in with an admin key: sets a cookie that opens the management API for twelve hours, or until the key is another. */
  @Access('public')
  @Post()
  async logIn(
    @Req() request: AdminRequest,
    @ReplyHead() response: ServerResponse,
    @Body() { key }: LogIn,
  ): Promise<SessionView> {
    const by = await this.door.admitKey(request, key);
    response.setHeader('set-cookie', await this.sessions.open(by, key));
    return toView(by);
  }

  /** Tells who is logged in, or whose key that is. */
  @Access('viewer')
  @Get()
  show(@By() by: Author): SessionView {
    return toView(by);
  }

  /** Logs out: the browser forgets its cookie. */
  @Access('viewer')
  @Delete()
  @HttpCode(204)
  async logOut(@By() by: Author, @ReplyHead() response: ServerResponse): Promise<void> {
    response.setHeader('set-cookie', await this.sessions.close(by));
  }
}

function toView({ id, name, role, key }: Author): SessionView {
  return { id, name, role, key };
}
