import {
  createLogger,
  ProjectStamp,
  RingKey,
  type SealedRecord,
  type SealedRecords,
  Secrets,
  type SqlDatabase,
} from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { insertProviderKey, insertResponse } from '../../../../test/support/sealed.js';
import { responseRepository } from '../../../responses/src/responses.module.js';
import type { ResponseRepository } from '../../../responses/src/domain/response.repository.js';
import { providerKeyRepository } from '../projects.module.js';
import type { ProviderKeyRepository } from './provider-key.repository.js';
import { Resealing } from './resealing.js';

const OLD = new RingKey(Buffer.alloc(32, 1), '2026');
const NEW = new RingKey(Buffer.alloc(32, 2), '2027');
const LOST = new RingKey(Buffer.alloc(32, 3), 'lost');
const NOTHING = { done: 0, left: 0, unreadable: 0 };

describe('the records of a store whose encryption key changed', () => {
  let database: SqlDatabase;
  let keys: ProviderKeyRepository;
  let responses: ResponseRepository;
  const secrets = new Secrets([NEW, OLD]);

  beforeEach(async () => {
    database = openInMemory();
    keys = await providerKeyRepository.useFactory(database);
    responses = await responseRepository.useFactory(database);
  });

  afterEach(() => database.close());

  const reseal = (...sealed: SealedRecords[]): ReturnType<Resealing['run']> =>
    new Resealing({ sealed }, secrets, createLogger('silent')).run();

  async function keep(count: number, key: RingKey, name = 'key'): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      const id = `${name}-${String(n).padStart(4, '0')}`;
      await insertProviderKey(keys, id, new Secrets([key]).encrypt(`secret of ${id}`, id));
    }
  }

  const all = (): Promise<SealedRecord[]> => keys.listSealed(10_000);

  /** The same records, to which something happens whenever a page of them was read. */
  const meddled = (meddle: (page: readonly SealedRecord[]) => Promise<unknown>): SealedRecords =>
    Object.create(keys, {
      listSealed: {
        value: async (limit: number, after?: string) => {
          const page = await keys.listSealed(limit, after);
          await meddle(page);
          return page;
        },
      },
    }) as SealedRecords;

  it('move to the active one, page by page, kind by kind, and stay there', async () => {
    await keep(123, OLD);
    await insertResponse(responses, 'resp_1', new Secrets([OLD]).encrypt('{"said":"Hi"}', 'resp_1'));
    await insertResponse(responses, 'resp_2', secrets.encrypt('{}', 'resp_2'));

    await expect(reseal(keys, responses)).resolves.toEqual({
      ...NOTHING,
      done: 124,
      missingKeyIds: [],
      kinds: [
        { ...NOTHING, kind: 'provider keys', done: 123 },
        { ...NOTHING, kind: 'responses', done: 1 },
      ],
    });
    await expect(reseal(keys, responses)).resolves.toMatchObject(NOTHING);
    for (const { id, envelope } of await all()) {
      expect(new Secrets([NEW]).decrypt(envelope, id)).toBe(`secret of ${id}`);
    }
    const [{ envelope } = { envelope: '' }] = await responses.listSealed(1);
    expect(new Secrets([NEW]).decrypt(envelope, 'resp_1')).toBe('{"said":"Hi"}');
  });

  it('take along the stamps in them, whose key goes too', async () => {
    const stamped = new ProjectStamp(new Secrets([OLD]), 'project').stamp('signature');
    await insertResponse(responses, 'resp_1', new Secrets([OLD]).encrypt(`["${stamped}"]`, 'resp_1'));
    await reseal(responses);

    const [{ envelope } = { envelope: '' }] = await responses.listSealed(1);
    const alone = new Secrets([NEW]);
    const [renewed] = JSON.parse(alone.decrypt(envelope, 'resp_1')) as [string];
    expect(new ProjectStamp(alone, 'project').read(renewed)).toBe('signature');
  });

  it('name the keys that are lost, and are left as they are', async () => {
    await keep(2, LOST, 'lost');
    await keep(1, OLD);
    const before = await all();

    await expect(reseal(keys)).resolves.toMatchObject({ done: 1, unreadable: 2, missingKeyIds: ['lost'] });
    expect((await all()).slice(1)).toEqual(before.slice(1)); // the first is no lost one
  });

  it('count as unreadable when they were moved or altered, and no key is missing for it', async () => {
    await insertProviderKey(keys, 'moved', new Secrets([OLD]).encrypt('secret', 'another record'));

    await expect(reseal(keys)).resolves.toMatchObject({ unreadable: 1, missingKeyIds: [] });
  });

  it('keep what changed meanwhile, and are looked at again then', async () => {
    await keep(3, OLD);
    let times = 0;
    const once = meddled(async ([first]) => {
      times += 1;
      if (times === 1) {
        const other = new Secrets([OLD]).encrypt('stored meanwhile', 'key-0000');
        await keys.replaceEnvelope('key-0000', first?.envelope ?? '', other);
      }
    });

    await expect(reseal(once)).resolves.toMatchObject({ done: 3, left: 0 });
    const [first] = await all();
    expect(new Secrets([NEW]).decrypt(first?.envelope ?? '', 'key-0000')).toBe('stored meanwhile');
  });

  it('are left, and counted, when they change again and again', async () => {
    await keep(3, OLD);
    const always = meddled(async ([first]) => {
      const other = new Secrets([OLD]).encrypt('stored meanwhile', 'key-0000');
      await keys.replaceEnvelope('key-0000', first?.envelope ?? '', other);
    });

    await expect(reseal(always)).resolves.toMatchObject({ done: 2, left: 1 });
    await expect(reseal(keys)).resolves.toMatchObject({ done: 1, left: 0 });
  });

  it('may be deleted meanwhile', async () => {
    await keep(12, OLD);
    const deleting = meddled(async page => {
      if (!page.some(({ envelope }) => secrets.isCurrent(envelope))) {
        await keys.delete({ id: page[0]?.id ?? '', version: 1 });
      }
    });
    const { done, left, unreadable } = await reseal(deleting);

    expect([left, unreadable]).toEqual([0, 0]);
    expect(done).toBeLessThan(12);
    expect(done).toBe((await all()).length);
    await expect(reseal(keys)).resolves.toMatchObject(NOTHING);
  });

  it('may be moved twice at a time', async () => {
    await keep(60, OLD);
    const [one, two] = await Promise.all([reseal(keys), reseal(keys)]);

    expect(one.done + two.done).toBe(60);
    expect([one, two]).toMatchObject([
      { left: 0, unreadable: 0 },
      { left: 0, unreadable: 0 },
    ]);
    await expect(reseal(keys)).resolves.toMatchObject(NOTHING);
  });

  it('let other work go on between two pages, also in the embedded store', async () => {
    await keep(50, OLD);
    let turns = 0;
    let over = false;
    const work = (): void => {
      turns += 1;
      if (!over) {
        setImmediate(work);
      }
    };
    setImmediate(work);
    await reseal(keys);
    over = true;

    expect(turns).toBeGreaterThanOrEqual(10);
  });
});
