import { Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '@app/shared';
import { refuseKept } from '../domain/kept-responses.js';

/** What OpenAI offers for responses that it keeps. The gateway keeps none, and says where they are. */
@ApiExcludeController()
@Access('project')
@Controller('v1/responses')
export class KeptResponsesController {
  @Get([':id', ':id/input_items'])
  find(@Param('id') id: string): never {
    return refuseKept(id);
  }

  @Delete(':id')
  remove(@Param('id') id: string): never {
    return refuseKept(id);
  }

  @Post(':id/cancel')
  cancel(@Param('id') id: string): never {
    return refuseKept(id);
  }
}
