import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { itemKey, type StoredConversation, type StoredItem } from '../domain/conversation.entity.js';
import type { ConversationItemRepository } from '../domain/conversation-item.repository.js';
import type { ConversationRepository } from '../domain/conversation.repository.js';
import { conversationItemRepository, conversationRepository } from '../responses.module.js';

const NOW = 1000;

describe.each(await databases())('conversations on %s', (_, open) => {
  let database: Database;
  let conversations: ConversationRepository;
  let items: ConversationItemRepository;

  beforeEach(async () => {
    database = await open();
    conversations = await conversationRepository.useFactory(database);
    items = await conversationItemRepository.useFactory(database);
  });

  afterEach(async () => {
    await database.close();
  });

  it('give back exactly what was stored, to their project and in their time', async () => {
    const conversation = aConversation();
    await conversations.insert(conversation);

    await expect(conversations.findById('project', 'conv_1', NOW)).resolves.toEqual(conversation);
    await expect(conversations.findById('other', 'conv_1', NOW)).resolves.toBeNull();
    await expect(conversations.findById('project', 'conv_1', conversation.expiresAt)).resolves.toBeNull();
  });

  it('change their metadata, and are deleted, by their project only', async () => {
    await conversations.insert(aConversation());

    await expect(conversations.setEnvelope('other', 'conv_1', 'new')).resolves.toBe(false);
    await expect(conversations.setEnvelope('project', 'conv_1', 'new')).resolves.toBe(true);
    await expect(conversations.findById('project', 'conv_1', NOW)).resolves.toMatchObject({
      envelope: 'new',
    });
    await expect(conversations.delete('other', 'conv_1')).resolves.toBe(false);
    await expect(conversations.delete('project', 'conv_1')).resolves.toBe(true);
    await expect(conversations.delete('project', 'conv_1')).resolves.toBe(false);
  });

  it('give every caller a place of its own, and live on from then', async () => {
    await conversations.insert(aConversation({ length: 3, bytes: 100 }));
    const growth = { items: 2, bytes: 50, expiresAt: NOW + 9000 };
    const places = await Promise.all(
      Array.from({ length: 8 }, () => conversations.grow('project', 'conv_1', growth)),
    );

    expect(places.toSorted((a, b) => Number(a) - Number(b))).toEqual([3, 5, 7, 9, 11, 13, 15, 17]);
    await expect(conversations.grow('other', 'conv_1', growth)).resolves.toBeNull();
    await expect(conversations.grow('project', 'conv_9', growth)).resolves.toBeNull();
    await conversations.grow('project', 'conv_1', { items: 0, bytes: -20, expiresAt: NOW + 9000 });
    await expect(conversations.findById('project', 'conv_1', NOW)).resolves.toMatchObject({
      length: 19,
      bytes: 480,
      expiresAt: NOW + 9000,
    });
  });

  it('are found when they have expired, the oldest first', async () => {
    for (const [id, expiresAt] of [
      ['conv_1', NOW],
      ['conv_2', NOW - 1],
      ['conv_3', NOW + 1],
    ] as const) {
      await conversations.insert(aConversation({ id, expiresAt }));
    }

    await expect(conversations.findExpired(NOW, 1)).resolves.toMatchObject([{ id: 'conv_2' }]);
    await expect(conversations.findExpired(NOW, 9)).resolves.toMatchObject([
      { id: 'conv_2' },
      { id: 'conv_1' },
    ]);
  });

  it('list their items both ways, in pages', async () => {
    const all = Array.from({ length: 450 }, (_item, position) => anItem({ id: `msg_${position}`, position }));
    await items.insertMany(all.slice(2));
    await items.insertMany(all.slice(0, 2));
    await items.insertMany([anItem({ conversationId: 'conv_2', id: 'msg_0', position: 0 })]);

    await expect(items.list('conv_1', { order: 'asc', limit: 1000 })).resolves.toEqual(all);
    await expect(items.list('conv_1', { order: 'asc', limit: 2, after: 1 })).resolves.toEqual(
      all.slice(2, 4),
    );
    await expect(items.list('conv_1', { order: 'desc', limit: 2, after: 2 })).resolves.toEqual([
      all[1],
      all[0],
    ]);
    await expect(items.find('conv_1', 'msg_7')).resolves.toEqual(all[7]);
    await expect(items.find('conv_2', 'msg_7')).resolves.toBeNull();
  });

  it('take many items at once, also large ones', async () => {
    const all = Array.from({ length: 21 }, (_item, position) =>
      anItem({ id: `msg_${position}`, position, envelope: `${position}`.padEnd(1024 * 1024, 'x') }),
    );
    await items.insertMany(all);
    const found = await items.list('conv_1', { order: 'asc', limit: 30 });

    expect(found.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(found.every(({ envelope }, at) => envelope === all[at]?.envelope)).toBe(true);
  });

  it('tell whose answers are in them', async () => {
    const brought = (
      id: string,
      position: number,
      provider: string | null,
      model: string | null,
    ): StoredItem => anItem({ id, position, provider, model });
    await items.insertMany([
      brought('msg_0', 0, null, null),
      brought('msg_1', 1, 'anthropic', 'claude-sonnet-5'),
      brought('msg_2', 2, 'anthropic', 'claude-sonnet-5'),
      brought('msg_3', 3, 'google', 'gemini-3-pro'),
    ]);
    await items.insertMany([anItem({ conversationId: 'conv_2', provider: 'openai', model: 'gpt-5' })]);

    const routes = await items.findRoutes('conv_1');
    expect(routes.toSorted((a, b) => a.provider.localeCompare(b.provider))).toEqual([
      { provider: 'anthropic', model: 'claude-sonnet-5' },
      { provider: 'google', model: 'gemini-3-pro' },
    ]);
    await expect(items.find('conv_1', 'msg_3')).resolves.toMatchObject({ provider: 'google' });
    await expect(items.findRoutes('conv_3')).resolves.toEqual([]);
  });

  it('list their envelopes of all projects, and replace one that did not change meanwhile', async () => {
    for (const [id, projectId] of [
      ['conv_2', 'project'],
      ['conv_3', 'other'],
      ['conv_1', 'project'],
    ] as const) {
      await conversations.insert(aConversation({ id, projectId, expiresAt: 1, envelope: `envelope ${id}` }));
    }

    await expect(conversations.listSealed(2)).resolves.toEqual([
      { id: 'conv_1', projectId: 'project', envelope: 'envelope conv_1' },
      { id: 'conv_2', projectId: 'project', envelope: 'envelope conv_2' },
    ]);
    await expect(conversations.replaceEnvelope('conv_3', 'envelope conv_3', 'new')).resolves.toBe(true);
    await expect(conversations.replaceEnvelope('conv_3', 'envelope conv_3', 'newer')).resolves.toBe(false);
    await expect(conversations.replaceEnvelope('conv_9', 'new', 'newer')).resolves.toBe(false);
    await expect(conversations.listSealed(2, 'conv_2')).resolves.toEqual([
      { id: 'conv_3', projectId: 'other', envelope: 'new' },
    ]);
  });

  it('do so with their items, each under the key that it is sealed with', async () => {
    const places = [
      ['conv_1', 'msg_1'],
      ['conv_1', 'msg_2'],
      ['conv_2', 'msg_0'],
      ['conv_2', 'msg_1'],
    ] as const;
    for (const [position, [conversationId, id]] of places.toReversed().entries()) {
      await items.insertMany([anItem({ conversationId, id, position, envelope: `envelope ${id}` })]);
    }
    const keys = async (limit: number, after?: string): Promise<string[]> =>
      (await items.listSealed(limit, after)).map(({ id }) => id);

    expect(await keys(9)).toEqual(places.map(([conversationId, id]) => itemKey(conversationId, id)));
    expect(await keys(2, 'conv_1/msg_1')).toEqual(['conv_1/msg_2', 'conv_2/msg_0']);
    expect(await keys(2, 'conv_1/msg_9')).toEqual(['conv_2/msg_0', 'conv_2/msg_1']);
    await expect(items.replaceEnvelope('conv_2/msg_1', 'envelope msg_1', 'new')).resolves.toBe(true);
    await expect(items.replaceEnvelope('conv_2/msg_1', 'envelope msg_1', 'newer')).resolves.toBe(false);
    await expect(items.replaceEnvelope('conv_2/msg_9', 'envelope msg_1', 'newer')).resolves.toBe(false);
    await expect(items.listSealed(9, 'conv_2/msg_0')).resolves.toEqual([
      { id: 'conv_2/msg_1', projectId: 'project', envelope: 'new' },
    ]);
    await expect(items.find('conv_1', 'msg_1')).resolves.toMatchObject({ envelope: 'envelope msg_1' });
  });

  it('lose items one by one, all at once, and with their project', async () => {
    await items.insertMany([anItem(), anItem({ id: 'msg_1', position: 1 })]);
    await items.insertMany([anItem({ conversationId: 'conv_2' })]);
    await items.insertMany([anItem({ conversationId: 'conv_3', projectId: 'other' })]);
    const count = async (id: string): Promise<number> =>
      (await items.list(id, { order: 'asc', limit: 9 })).length;

    await expect(items.delete('conv_1', 'msg_1')).resolves.toBe(true);
    await expect(items.delete('conv_1', 'msg_1')).resolves.toBe(false);
    await items.deleteAll('conv_1');
    expect([await count('conv_1'), await count('conv_2')]).toEqual([0, 1]);
    await conversations.insert(aConversation({ id: 'conv_2' }));
    await conversations.deleteOf('project');
    await items.deleteOf('project');
    expect([await count('conv_2'), await count('conv_3')]).toEqual([0, 1]);
    await expect(conversations.findById('project', 'conv_2', NOW)).resolves.toBeNull();
  });

  it('end sooner when their project says so, step by step, and never later', async () => {
    for (const [id, projectId, expiresAt] of [
      ['conv_1', 'project', NOW + 10],
      ['conv_2', 'project', NOW + 500],
      ['conv_3', 'project', NOW + 900],
      ['conv_4', 'other', NOW + 900],
    ] as const) {
      await conversations.insert(aConversation({ id, projectId, expiresAt }));
    }
    await expect(conversations.shorten('project', NOW + 100, 1)).resolves.toBe(1);
    await expect(conversations.shorten('project', NOW + 100, 9)).resolves.toBe(1);
    await expect(conversations.shorten('project', NOW + 100, 9)).resolves.toBe(0);

    const ends = await conversations.findExpired(NOW + 1000, 9);
    expect(ends.map(({ expiresAt }) => expiresAt - NOW)).toEqual([10, 100, 100, 900]);
  });
});

function aConversation(fields: Partial<StoredConversation> = {}): StoredConversation {
  return {
    id: 'conv_1',
    projectId: 'project',
    createdAt: 1,
    expiresAt: NOW + 1000,
    length: 0,
    bytes: 0,
    envelope: 'v1.key.sealed',
    ...fields,
  };
}

function anItem(fields: Partial<StoredItem> = {}): StoredItem {
  return {
    id: 'msg_0',
    projectId: 'project',
    conversationId: 'conv_1',
    position: 0,
    bytes: 12,
    provider: null,
    model: null,
    envelope: 'v1.key.sealed',
    ...fields,
  };
}
