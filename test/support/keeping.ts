import { readConfig, RingKey, Secrets, type SqlDatabase } from '@app/shared';
import { openInMemory } from './databases.js';
import { TestClock } from './test-clock.js';
import {
  conversationItemRepository,
  conversationRepository,
  responseRepository,
} from '../../libs/responses/src/responses.module.js';
import { ConversationItems } from '../../libs/responses/src/domain/conversation-items.js';
import { Conversations } from '../../libs/responses/src/domain/conversations.service.js';
import { EarlierResponses } from '../../libs/responses/src/domain/earlier-responses.js';
import { ExpiredRecords } from '../../libs/responses/src/domain/expiry-sweep.js';
import { KeepingTerms } from '../../libs/responses/src/domain/keeping-terms.js';
import { KeptResponses } from '../../libs/responses/src/domain/kept-responses.service.js';
import { SealedJson } from '../../libs/responses/src/domain/sealed-json.js';

export const TTL_MS = 500_000;
export const PROJECT = 'project';

/** The services of this lib on an embedded store, with a clock. */
export class Keeping {
  readonly clock = new TestClock();

  private constructor(readonly database: SqlDatabase) {}

  static open(): Keeping {
    return new Keeping(openInMemory());
  }

  /** Those of a gateway with such settings. @param key every byte of its encryption key */
  async services(settings: Record<string, string> = {}, key = 1): Promise<Services> {
    const config = readConfig({ AI_GATEWAY_RESPONSES_TTL_MS: String(TTL_MS), ...settings });
    const terms = new KeepingTerms(config, this.clock);
    const sealed = new SealedJson(new Secrets([new RingKey(Buffer.alloc(32, key))]));
    const responses = await responseRepository.useFactory(this.database);
    const repository = await conversationRepository.useFactory(this.database);
    const items = new LateItems(await conversationItemRepository.useFactory(this.database), sealed, terms);
    const kept = new KeptResponses(responses, sealed, terms);
    const conversations = new Conversations(repository, items, sealed, terms);
    return {
      kept,
      earlier: new EarlierResponses(kept, terms),
      conversations,
      items,
      expired: new ExpiredRecords(responses, repository, conversations, terms),
    };
  }

  /** All rows, as JSON. */
  async stored(): Promise<string> {
    const { sql } = this.database;
    return JSON.stringify([
      await sql.selectFrom('responses').selectAll().execute(),
      await sql.selectFrom('conversations').selectAll().execute(),
      await sql.selectFrom('conversation_items').selectAll().execute(),
    ]);
  }
}

export interface Services {
  readonly kept: KeptResponses;
  readonly earlier: EarlierResponses;
  readonly conversations: Conversations;
  readonly items: LateItems;
  readonly expired: ExpiredRecords;
}

/** Items that are stored only after something else has happened. */
class LateItems extends ConversationItems {
  before: () => Promise<void> = async () => {};

  override async insert(...parameters: Parameters<ConversationItems['insert']>): Promise<void> {
    await this.before();
    await super.insert(...parameters);
  }
}
