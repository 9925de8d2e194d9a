import type { ServerResponse } from 'node:http';
import { Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { conversationsOpenApi, keptOpenApi } from '@app/dialects';
import { ConversationNotFoundError, Conversations } from '@app/responses';
import { Access, type Call, Reply } from '@app/shared';
import { ConversationRequests } from '../domain/responses/conversation-requests.js';
import { readItemQuery } from '../domain/responses/item-page.js';
import { StateRequests } from '../domain/responses/state-requests.js';
import { objectIn, type StateRequest, visitOf } from './state-visit.js';

/** Conversations that the gateway keeps, for models of every vendor; those of OpenAI are asked for there. */
@Access('project')
@Controller('v1/conversations')
export class ConversationsController {
  constructor(
    private readonly conversations: ConversationRequests,
    private readonly requests: StateRequests,
  ) {}

  /** Makes a conversation, which responses go on with by its id. */
  @Post()
  @HttpCode(200)
  @ApiBody(conversationsOpenApi.creation)
  @ApiResponse(conversationsOpenApi.conversation)
  create(@Req() request: StateRequest, @Reply() reply: ServerResponse): Promise<void> {
    return this.answer(null, [request, reply], async call =>
      this.conversations.create(call, await objectIn(request)),
    );
  }

  /** Gives a conversation, without its items. */
  @Get(':id')
  @ApiResponse(conversationsOpenApi.conversation)
  find(@Param('id') id: string, @Req() request: StateRequest, @Reply() reply: ServerResponse): Promise<void> {
    return this.answer(id, [request, reply], call => this.conversations.get(call, id));
  }

  /** Replaces the metadata of a conversation. */
  @Post(':id')
  @HttpCode(200)
  @ApiBody(conversationsOpenApi.change)
  @ApiResponse(conversationsOpenApi.conversation)
  update(
    @Param('id') id: string,
    @Req() request: StateRequest,
    @Reply() reply: ServerResponse,
  ): Promise<void> {
    return this.answer(id, [request, reply], async call =>
      this.conversations.update(call, id, await objectIn(request)),
    );
  }

  /** Deletes a conversation and its items. */
  @Delete(':id')
  @HttpCode(200)
  @ApiResponse(conversationsOpenApi.deletedConversation)
  remove(
    @Param('id') id: string,
    @Req() request: StateRequest,
    @Reply() reply: ServerResponse,
  ): Promise<void> {
    return this.answer(id, [request, reply], call => this.conversations.delete(call, id));
  }

  /** Lists the items of a conversation. */
  @Get(':id/items')
  @ApiQuery(keptOpenApi.limit)
  @ApiQuery(keptOpenApi.order)
  @ApiQuery(keptOpenApi.after)
  @ApiResponse(keptOpenApi.items)
  list(@Param('id') id: string, @Req() request: StateRequest, @Reply() reply: ServerResponse): Promise<void> {
    return this.answer(id, [request, reply], async call =>
      this.conversations.listItems(call, id, readItemQuery(request.query)),
    );
  }

  /** Adds items at the end of a conversation. */
  @Post(':id/items')
  @HttpCode(200)
  @ApiBody(conversationsOpenApi.addition)
  @ApiResponse(keptOpenApi.items)
  add(@Param('id') id: string, @Req() request: StateRequest, @Reply() reply: ServerResponse): Promise<void> {
    return this.answer(id, [request, reply], async call =>
      this.conversations.addItems(call, id, await objectIn(request)),
    );
  }

  /** Gives one item of a conversation. */
  @Get(':id/items/:item')
  @ApiResponse(conversationsOpenApi.item)
  findItem(
    @Param() { id, item }: Record<'id' | 'item', string>,
    @Req() request: StateRequest,
    @Reply() reply: ServerResponse,
  ): Promise<void> {
    return this.answer(id, [request, reply], call => this.conversations.getItem(call, id, item));
  }

  /** Deletes one item of a conversation. */
  @Delete(':id/items/:item')
  @HttpCode(200)
  @ApiResponse(conversationsOpenApi.conversation)
  removeItem(
    @Param() { id, item }: Record<'id' | 'item', string>,
    @Req() request: StateRequest,
    @Reply() reply: ServerResponse,
  ): Promise<void> {
    return this.answer(id, [request, reply], call => this.conversations.deleteItem(call, id, item));
  }

  /** @param id null for a new one */
  private answer(
    id: string | null,
    [request, reply]: [StateRequest, ServerResponse],
    own: (call: Call) => Promise<object>,
  ): Promise<void> {
    const visit = visitOf(request, reply);
    const asked = {
      isOwn: id === null || Conversations.isOwn(id),
      responseId: null,
      missing: new ConversationNotFoundError(id ?? ''),
    };
    return this.requests.answer(visit, asked, () => own(visit.call));
  }
}
