import { Module } from '@nestjs/common';
import { repository, SEALED_DEADLINES_MS } from '@app/shared';
import { ConversationItemRepository } from './domain/conversation-item.repository.js';
import { ConversationItems } from './domain/conversation-items.js';
import { ConversationRepository } from './domain/conversation.repository.js';
import { Conversations } from './domain/conversations.service.js';
import { EarlierResponses } from './domain/earlier-responses.js';
import { ExpiredRecords, ExpirySweep } from './domain/expiry-sweep.js';
import { KeepingTerms } from './domain/keeping-terms.js';
import { KeptResponses } from './domain/kept-responses.service.js';
import { ProjectResponses } from './domain/project-responses.js';
import { ResponseRepository } from './domain/response.repository.js';
import { ResponseStock } from './domain/response-stock.js';
import { SealedJson } from './domain/sealed-json.js';
import { ConversationItemSqlRepository } from './infrastructure/conversation-item.sql.repository.js';
import { ConversationSqlRepository } from './infrastructure/conversation.sql.repository.js';
import { ResponseSqlRepository } from './infrastructure/response.sql.repository.js';

export const responseRepository = repository(ResponseRepository, {
  sql: ResponseSqlRepository,
  deadlinesMs: SEALED_DEADLINES_MS,
  mongo: async () => (await import('./infrastructure/response.mongo.repository.js')).ResponseMongoRepository,
});
export const conversationRepository = repository(ConversationRepository, {
  sql: ConversationSqlRepository,
  deadlinesMs: SEALED_DEADLINES_MS,
  mongo: async () =>
    (await import('./infrastructure/conversation.mongo.repository.js')).ConversationMongoRepository,
});
export const conversationItemRepository = repository(ConversationItemRepository, {
  sql: ConversationItemSqlRepository,
  deadlinesMs: SEALED_DEADLINES_MS,
  mongo: async () =>
    (await import('./infrastructure/conversation-item.mongo.repository.js')).ConversationItemMongoRepository,
});

const services = [
  KeptResponses,
  EarlierResponses,
  Conversations,
  ConversationItems,
  ExpirySweep,
  ProjectResponses,
  ResponseStock,
];

@Module({
  providers: [
    ...services,
    KeepingTerms,
    SealedJson,
    ExpiredRecords,
    responseRepository,
    conversationRepository,
    conversationItemRepository,
  ],
  exports: services,
})
export class ResponsesModule {}
