import { Keeping, PROJECT, type Services, TTL_MS } from '../../../../test/support/keeping.js';
import { ContextTooLargeError, ConversationNotFoundError } from './responses.errors.js';

let keeping: Keeping;
let opened: Services;

beforeEach(async () => {
  keeping = Keeping.open();
  opened = await keeping.services();
});

afterEach(async () => {
  await keeping.database.close();
});

describe('a conversation', () => {
  it('grows in order, and stays as long as it is used', async () => {
    const { id } = await opened.conversations.create({ projectId: PROJECT }, {});
    for (const text of ['one', 'two', 'three']) {
      keeping.clock.advance(TTL_MS - 1);
      await opened.conversations.append({ projectId: PROJECT }, id, [
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
    keeping.clock.advance(TTL_MS);
    await expect(opened.conversations.get(PROJECT, id)).rejects.toThrow(ConversationNotFoundError);
    await opened.expired.deleteSome();
    expect(await keeping.stored()).toBe('[[],[],[]]');
  });

  it('holds no more than a request can carry, and has room again for what was deleted', async () => {
    const { conversations } = await keeping.services({ AI_GATEWAY_SERVER_BODY_LIMIT_BYTES: '1500' });
    const { id } = await conversations.create({ projectId: PROJECT }, {});
    await conversations.append({ projectId: PROJECT }, id, [{ id: 'one', text: 'a'.repeat(1000) }]);
    const more = [{ id: 'two', text: 'b'.repeat(1000) }];

    await expect(conversations.append({ projectId: PROJECT }, id, more)).rejects.toThrow(
      ContextTooLargeError,
    );
    await conversations.deleteItem(PROJECT, id, 'one');
    await expect(conversations.append({ projectId: PROJECT }, id, more)).resolves.toBeUndefined();
  });

  it('is deleted with all that was said', async () => {
    const { id } = await opened.conversations.create({ projectId: PROJECT }, {});
    await opened.conversations.append({ projectId: PROJECT }, id, [{ id: 'one' }]);
    await expect(opened.conversations.delete('other', id)).rejects.toThrow(ConversationNotFoundError);
    await opened.conversations.delete(PROJECT, id);

    expect(await keeping.stored()).toBe('[[],[],[]]');
    await expect(opened.conversations.append({ projectId: PROJECT }, id, [{ id: 'two' }])).rejects.toThrow(
      ConversationNotFoundError,
    );
  });

  it('leaves nothing behind when it is deleted while something is added', async () => {
    const { id } = await opened.conversations.create({ projectId: PROJECT }, {});
    opened.items.before = () => opened.conversations.delete(PROJECT, id);

    await expect(opened.conversations.append({ projectId: PROJECT }, id, [{ id: 'late' }])).rejects.toThrow(
      ConversationNotFoundError,
    );
    expect(await keeping.stored()).toBe('[[],[],[]]');
  });

  it('loses an item once, whoever deletes it', async () => {
    const { id } = await opened.conversations.create({ projectId: PROJECT }, {});
    await opened.conversations.append({ projectId: PROJECT }, id, [{ id: 'one', text: 'a' }, { id: 'two' }]);
    const left = Buffer.byteLength('{"id":"two"}');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 3 }, () => opened.conversations.deleteItem(PROJECT, id, 'one')),
    );

    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
    await expect(opened.conversations.get(PROJECT, id)).resolves.toMatchObject({ bytes: left });
  });

  it('is told to its end, however long it is', async () => {
    const { id } = await opened.conversations.create({ projectId: PROJECT }, {});
    const many = Array.from({ length: 2001 }, (_item, index) => ({ id: `msg_${index}` }));
    await opened.conversations.append({ projectId: PROJECT }, id, many);

    await expect(opened.items.all(id)).resolves.toEqual(many);
  });
});
