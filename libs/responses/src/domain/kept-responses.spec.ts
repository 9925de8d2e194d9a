import { randomUUIDv7 } from 'node:crypto';
import { parseExact } from '@app/dialects';
import { readConfig, RingKey, Secrets, type SqlDatabase } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import {
  conversationItemRepository,
  conversationRepository,
  responseRepository,
} from '../responses.module.js';
import { ConversationItems } from './conversation-items.js';
import { Conversations } from './conversations.service.js';
import { EarlierResponses } from './earlier-responses.js';
import { ExpiredRecords } from './expiry-sweep.js';
import { KeepingTerms } from './keeping-terms.js';
import { KeptResponses, LEASE_MS, type NewResponse } from './kept-responses.service.js';
import {
  ContextTooLargeError,
  ConversationNotFoundError,
  PreviousResponseNotFoundError,
  PreviousResponseUnfinishedError,
  ResponseNotFoundError,
  TooLargeToKeepError,
  UnreadableRecordError,
} from './responses.errors.js';
import { SealedJson } from './sealed-json.js';

const TTL_MS = 500_000;
const PROJECT = 'project';

interface Opened {
  readonly kept: KeptResponses;
  readonly earlier: EarlierResponses;
  readonly conversations: Conversations;
  readonly items: ConversationItems;
  readonly expired: ExpiredRecords;
}

let database: SqlDatabase;
let clock: TestClock;
let opened: Opened;

beforeEach(async () => {
  database = openInMemory();
  clock = new TestClock();
  opened = await openWith();
});

afterEach(async () => {
  await database.close();
});

async function openWith(settings: Record<string, string> = {}, key = 1): Promise<Opened> {
  const config = readConfig({ AI_GATEWAY_RESPONSES_TTL_MS: String(TTL_MS), ...settings });
  const terms = new KeepingTerms(config, clock);
  const sealed = new SealedJson(new Secrets([new RingKey(Buffer.alloc(32, key))]));
  const responses = await responseRepository.useFactory(database);
  const repository = await conversationRepository.useFactory(database);
  const items = new ConversationItems(await conversationItemRepository.useFactory(database), sealed, terms);
  const kept = new KeptResponses(responses, sealed, terms);
  return {
    kept,
    earlier: new EarlierResponses(kept, terms),
    conversations: new Conversations(repository, items, sealed, terms),
    items,
    expired: new ExpiredRecords(responses, repository, items, terms),
  };
}

function aResponse(fields: Partial<NewResponse> & { said?: string } = {}): NewResponse {
  const { said = 'Hello', ...rest } = fields;
  return {
    id: `resp_${randomUUIDv7()}`,
    projectId: PROJECT,
    createdAt: clock.now(),
    status: 'completed',
    provider: 'anthropic',
    model: 'claude-sonnet-5',
    ancestors: [],
    conversationId: null,
    background: false,
    contextBytes: 0,
    response: { status: 'completed', output: [{ id: 'out', text: `You said ${said}` }] },
    input: [{ id: 'in', text: said }],
    ...rest,
  };
}

const everythingStored = async (): Promise<string> =>
  JSON.stringify([
    await database.sql.selectFrom('responses').selectAll().execute(),
    await database.sql.selectFrom('conversations').selectAll().execute(),
    await database.sql.selectFrom('conversation_items').selectAll().execute(),
  ]);

describe('a kept response', () => {
  it('comes back as it was, also its long numbers, and lies in the store in cipher', async () => {
    const long = '{"id":"out","n":18446744073709551615}';
    const response = aResponse({
      said: 'the secret of Ada',
      response: { output: [parseExact(long)] },
    });
    await opened.kept.keep(response);
    const { id } = await opened.conversations.create(PROJECT, { topic: 'secret' });
    await opened.conversations.append(PROJECT, id, [{ id: 'msg_1', text: 'secret' }]);

    const kept = await opened.kept.get(PROJECT, response.id);
    expect(kept).toMatchObject({ input: response.input, provider: 'anthropic', status: 'completed' });
    expect(JSON.stringify(kept.response)).toBe(`{"output":[${long}]}`);
    expect(await everythingStored()).not.toMatch(/secret|Hello|topic/);
  });

  it('is nobody else’s', async () => {
    const response = aResponse();
    await opened.kept.keep(response);

    await expect(opened.kept.get('other', response.id)).rejects.toThrow(ResponseNotFoundError);
    await expect(opened.kept.delete('other', response.id)).rejects.toThrow(ResponseNotFoundError);
    await expect(opened.earlier.of('other', response.id)).rejects.toThrow(PreviousResponseNotFoundError);
  });

  it('does not open under another record’s name, nor with another key', async () => {
    const [one, other] = [aResponse(), aResponse()];
    await opened.kept.keep(one);
    await opened.kept.keep(other);
    const stranger = await openWith({}, 2);
    await expect(stranger.kept.get(PROJECT, one.id)).rejects.toThrow(UnreadableRecordError);

    const { envelope } = await database.sql
      .selectFrom('responses')
      .select('envelope')
      .where('id', '=', other.id)
      .executeTakeFirstOrThrow();
    await database.sql.updateTable('responses').set({ envelope }).where('id', '=', one.id).execute();
    await expect(opened.kept.get(PROJECT, one.id)).rejects.toThrow(UnreadableRecordError);
  });

  it('is gone when its time is over, and then deleted', async () => {
    const response = aResponse();
    await opened.kept.keep(response);
    clock.advance(TTL_MS);

    await expect(opened.kept.get(PROJECT, response.id)).rejects.toThrow(ResponseNotFoundError);
    await expect(opened.expired.deleteSome()).resolves.toBe(false);
    expect(await everythingStored()).toBe('[[],[],[]]');
  });

  it('is refused when it is too large', async () => {
    const { kept } = await openWith({ AI_GATEWAY_RESPONSES_LIMIT_BYTES: '1024' });

    await expect(kept.keep(aResponse({ said: 'a'.repeat(1024) }))).rejects.toThrow(TooLargeToKeepError);
    await expect(kept.keep(aResponse())).resolves.toBeUndefined();
  });

  it('has failed when its gateway shows no life any more', async () => {
    const running = aResponse({ status: 'in_progress', background: true });
    await opened.kept.keep(running);
    clock.advance(LEASE_MS - 1);
    await opened.kept.renewLease(running.id);
    clock.advance(LEASE_MS);
    await expect(opened.kept.get(PROJECT, running.id)).resolves.toMatchObject({ status: 'in_progress' });

    clock.advance(1);
    const failed = { status: 'failed', response: { status: 'failed', error: { code: 'server_error' } } };
    await expect(opened.kept.get(PROJECT, running.id)).resolves.toMatchObject(failed);
    await expect(opened.kept.renewLease(running.id)).resolves.toBe(false);
    await expect(opened.kept.get(PROJECT, running.id)).resolves.toMatchObject(failed);
  });
});

async function chain(...texts: string[]): Promise<NewResponse[]> {
  const responses: NewResponse[] = [];
  for (const said of texts) {
    const last = responses.at(-1);
    const before = last && (await opened.earlier.of(PROJECT, last.id));
    const response = aResponse({
      said,
      ancestors: before?.ancestors ?? [],
      contextBytes: before?.contextBytes ?? 0,
    });
    await opened.kept.keep(response);
    responses.push(response);
  }
  return responses;
}

describe('what was said before', () => {
  it('is the input and output of every response, in order', async () => {
    const [, , last] = await chain('one', 'two', 'three');
    const { items, ancestors } = await opened.earlier.of(PROJECT, last?.id ?? '');

    expect(items.map(({ text }) => text)).toEqual([
      'one',
      'You said one',
      'two',
      'You said two',
      'three',
      'You said three',
    ]);
    expect(ancestors).toHaveLength(3);
  });

  it('is not told without the one that was deleted', async () => {
    const [, middle, last] = await chain('one', 'two', 'three');
    await opened.kept.delete(PROJECT, middle?.id ?? '');

    await expect(opened.earlier.of(PROJECT, last?.id ?? '')).rejects.toThrow(middle?.id);
  });

  it('ends where no request could carry it', async () => {
    const [, last] = await chain('a'.repeat(600), 'b'.repeat(600));
    const small = await openWith({ AI_GATEWAY_SERVER_BODY_LIMIT_BYTES: '1500' });

    await expect(small.earlier.of(PROJECT, last?.id ?? '')).rejects.toThrow(ContextTooLargeError);
  });

  it.each(['in_progress', 'failed', 'cancelled'] as const)('of one that is %s is nothing', async status => {
    const response = aResponse({ status });
    await opened.kept.keep(response);

    await expect(opened.earlier.of(PROJECT, response.id)).rejects.toThrow(PreviousResponseUnfinishedError);
  });
});

describe('a conversation', () => {
  it('grows in order, and stays as long as it is used', async () => {
    const { id } = await opened.conversations.create(PROJECT, {});
    for (const text of ['one', 'two', 'three']) {
      clock.advance(TTL_MS - 1);
      await opened.conversations.append(PROJECT, id, [
        { id: `${text}-in`, text },
        { id: `${text}-out`, text },
      ]);
    }

    expect((await opened.items.all(id)).map(item => item['id'])).toEqual([
      'one-in',
      'one-out',
      'two-in',
      'two-out',
      'three-in',
      'three-out',
    ]);
    clock.advance(TTL_MS);
    await expect(opened.conversations.get(PROJECT, id)).rejects.toThrow(ConversationNotFoundError);
    await opened.expired.deleteSome();
    expect(await everythingStored()).toBe('[[],[],[]]');
  });

  it('holds no more than a request can carry, and has room again for what was deleted', async () => {
    const { conversations } = await openWith({ AI_GATEWAY_SERVER_BODY_LIMIT_BYTES: '1500' });
    const { id } = await conversations.create(PROJECT, {});
    await conversations.append(PROJECT, id, [{ id: 'one', text: 'a'.repeat(1000) }]);
    const more = [{ id: 'two', text: 'b'.repeat(1000) }];

    await expect(conversations.append(PROJECT, id, more)).rejects.toThrow(ContextTooLargeError);
    await conversations.deleteItem(PROJECT, id, 'one');
    await expect(conversations.append(PROJECT, id, more)).resolves.toBeUndefined();
  });

  it('is deleted with all that was said', async () => {
    const { id } = await opened.conversations.create(PROJECT, {});
    await opened.conversations.append(PROJECT, id, [{ id: 'one' }]);
    await expect(opened.conversations.delete('other', id)).rejects.toThrow(ConversationNotFoundError);
    await opened.conversations.delete(PROJECT, id);

    expect(await everythingStored()).toBe('[[],[],[]]');
    await expect(opened.conversations.append(PROJECT, id, [{ id: 'two' }])).rejects.toThrow(
      ConversationNotFoundError,
    );
  });
});
