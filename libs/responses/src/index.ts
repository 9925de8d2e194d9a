export type { Conversation } from './domain/conversation.entity.js';
export { ConversationItems } from './domain/conversation-items.js';
export { Conversations } from './domain/conversations.service.js';
export { type Earlier, EarlierResponses, outputOf } from './domain/earlier-responses.js';
export { ExpirySweep } from './domain/expiry-sweep.js';
export type { KeptResponse, ResponseStatus } from './domain/kept-response.entity.js';
export { KeptResponses, LEASE_MS, type NewResponse } from './domain/kept-responses.service.js';
export { ProjectResponses } from './domain/project-responses.js';
export {
  ConversationNotFoundError,
  ItemNotFoundError,
  NotCancellableError,
  PreviousResponseNotFoundError,
  ResponseNotFoundError,
  TooLargeToKeepError,
} from './domain/responses.errors.js';
export { ResponseStock } from './domain/response-stock.js';
export { SealedJson } from './domain/sealed-json.js';
export { ResponsesModule } from './responses.module.js';
