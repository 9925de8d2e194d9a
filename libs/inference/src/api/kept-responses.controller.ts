import type { ServerResponse } from 'node:http';
import { Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiQuery, ApiResponse } from '@nestjs/swagger';
import { keptOpenApi, ResponseIds } from '@app/dialects';
import { ResponseNotFoundError } from '@app/responses';
import { Access, type Call, Reply } from '@app/shared';
import { readItemQuery } from '../domain/responses/item-page.js';
import { KeptResponseRequests } from '../domain/responses/kept-response-requests.js';
import { StateRequests } from '../domain/responses/state-requests.js';
import { type StateRequest, visitOf } from './state-visit.js';

/** Responses that are kept: by the gateway, or by a vendor, whose ids look otherwise. */
@Access('project')
@Controller('v1/responses')
export class KeptResponsesController {
  constructor(
    private readonly responses: KeptResponseRequests,
    private readonly requests: StateRequests,
  ) {}

  /** Gives a response that is kept; one in the background tells its `status`. */
  @Get(':id')
  @ApiResponse(keptOpenApi.response)
  find(@Param('id') id: string, @Req() request: StateRequest, @Reply() reply: ServerResponse): Promise<void> {
    return this.answer(id, [request, reply], call => this.responses.get(call, id, request.query));
  }

  /** Deletes a response that is kept; one in the background is stopped. */
  @Delete(':id')
  @HttpCode(200)
  @ApiResponse(keptOpenApi.deletedResponse)
  remove(
    @Param('id') id: string,
    @Req() request: StateRequest,
    @Reply() reply: ServerResponse,
  ): Promise<void> {
    return this.answer(id, [request, reply], call => this.responses.delete(call, id));
  }

  /** Stops a response in the background. */
  @Post(':id/cancel')
  @HttpCode(200)
  @ApiResponse(keptOpenApi.cancelled)
  cancel(
    @Param('id') id: string,
    @Req() request: StateRequest,
    @Reply() reply: ServerResponse,
  ): Promise<void> {
    return this.answer(id, [request, reply], call => this.responses.cancel(call, id));
  }

  /** Lists the items that a response was asked with. */
  @Get(':id/input_items')
  @ApiQuery(keptOpenApi.limit)
  @ApiQuery(keptOpenApi.order)
  @ApiQuery(keptOpenApi.after)
  @ApiResponse(keptOpenApi.items)
  input(
    @Param('id') id: string,
    @Req() request: StateRequest,
    @Reply() reply: ServerResponse,
  ): Promise<void> {
    return this.answer(id, [request, reply], async call =>
      this.responses.inputItems(call, id, readItemQuery(request.query)),
    );
  }

  private answer(
    id: string,
    [request, reply]: [StateRequest, ServerResponse],
    own: (call: Call) => Promise<object>,
  ): Promise<void> {
    const visit = visitOf(request, reply);
    const asked = { isOwn: ResponseIds.isOwn(id), responseId: id, missing: new ResponseNotFoundError(id) };
    return this.requests.answer(visit, asked, () => own(visit.call));
  }
}
