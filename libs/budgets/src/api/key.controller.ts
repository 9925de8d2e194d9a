import { Controller, Get, Req } from '@nestjs/common';
import { Access, callOf, type ProjectRequest } from '@app/shared';
import { KeyStandings } from '../domain/key-standing.service.js';
import { KeyView, toKeyView } from './key.dto.js';

@Access('project')
@Controller('v1/key')
export class KeyController {
  constructor(private readonly standings: KeyStandings) {}

  /** Tells what the key that asks may do, and what is left of its limits and budgets. */
  @Get()
  async get(@Req() request: ProjectRequest): Promise<KeyView> {
    const { projectId, keyId } = callOf(request);
    return toKeyView(await this.standings.of(projectId, keyId));
  }
}
