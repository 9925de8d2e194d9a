import { type Database, RingKey, Secrets } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import type { StoredTranscription } from '../domain/history/transcription-record.entity.js';
import type { TranscriptionRecordRepository } from '../domain/history/transcription-record.repository.js';
import { transcriptionRecordRepository } from '../transcription-storage.module.js';

const NOW = 1000;
const OWNER = { projectId: 'project' };
const [HASH, OTHER] = ['a'.repeat(64), 'b'.repeat(64)];

describe.each(await databases())('TranscriptionRecordRepository on %s', (_, open) => {
  let database: Database;
  let records: TranscriptionRecordRepository;

  beforeEach(async () => {
    database = await open();
    records = await transcriptionRecordRepository.useFactory(database);
  });

  afterEach(async () => {
    await database.close();
  });

  const list = async (owner: object, page: object = {}, now = NOW): Promise<string[]> =>
    (await records.list({ ...OWNER, ...owner }, { limit: 10, ...page }, now)).map(({ id }) => id);

  it('gives back exactly what was stored, to its project only, and to its key where that is asked', async () => {
    const plain = aRecord();
    const other = aRecord({
      id: '2',
      seconds: null,
      costNanoUsd: null,
      cached: true,
      task: 'translations',
      envelope: 'x'.repeat(3_000_000),
    });
    await records.insert(plain);
    await records.insert(other);

    await expect(records.findById(OWNER, '1', NOW)).resolves.toEqual(plain);
    await expect(records.findById({ ...OWNER, keyId: 'key' }, '2', NOW)).resolves.toEqual(other);
    await expect(records.findById({ ...OWNER, keyId: 'other' }, '1', NOW)).resolves.toBeNull();
    await expect(records.findById({ projectId: 'other' }, '1', NOW)).resolves.toBeNull();
    await expect(records.findById(OWNER, '3', NOW)).resolves.toBeNull();
  });

  it('lists the latest first, behind the given one, of one file, of one key', async () => {
    for (const [id, fileHash, keyId] of [
      ['2', HASH, 'key'],
      ['4', OTHER, 'key'],
      ['1', HASH, 'other'],
      ['3', HASH, 'key'],
    ] as const) {
      await records.insert(aRecord({ id, fileHash, keyId }));
    }
    await records.insert(aRecord({ id: '5', projectId: 'other' }));

    await expect(list({})).resolves.toEqual(['4', '3', '2', '1']);
    await expect(list({}, { limit: 2 })).resolves.toEqual(['4', '3']);
    await expect(list({}, { after: '3' })).resolves.toEqual(['2', '1']);
    await expect(list({}, { fileHash: HASH })).resolves.toEqual(['3', '2', '1']);
    await expect(list({ keyId: 'key' }, { fileHash: HASH, after: '3' })).resolves.toEqual(['2']);
    await expect(list({ projectId: 'nobody' })).resolves.toEqual([]);
  });

  it('gives nothing that has expired, and deletes it in batches', async () => {
    for (const [id, expiresAt] of [
      ['1', NOW - 2],
      ['2', NOW - 1],
      ['3', NOW],
      ['4', NOW + 1],
    ] as const) {
      await records.insert(aRecord({ id, expiresAt }));
    }

    await expect(list({})).resolves.toEqual(['4']);
    await expect(records.findById(OWNER, '3', NOW)).resolves.toBeNull();
    await expect(records.delete(OWNER, '3', NOW)).resolves.toBe(false);
    await expect(records.deleteExpired(NOW, 2)).resolves.toBe(2);
    await expect(list({}, {}, 0)).resolves.toEqual(['4', '3']);
    await expect(records.deleteExpired(NOW, 2)).resolves.toBe(1);
    await expect(records.deleteExpired(NOW, 2)).resolves.toBe(0);
    await expect(list({}, {}, 0)).resolves.toEqual(['4']);
  });

  it('deletes one of its owner once, and all of a project', async () => {
    for (const id of ['1', '2', '3']) {
      await records.insert(aRecord({ id }));
    }
    await records.insert(aRecord({ id: '4', projectId: 'other' }));

    await expect(records.delete({ projectId: 'other' }, '1', NOW)).resolves.toBe(false);
    await expect(records.delete({ ...OWNER, keyId: 'other' }, '1', NOW)).resolves.toBe(false);
    await expect(records.delete({ ...OWNER, keyId: 'key' }, '1', NOW)).resolves.toBe(true);
    await expect(records.delete(OWNER, '1', NOW)).resolves.toBe(false);
    await records.deleteOf('project');
    await expect(list({})).resolves.toEqual([]);
    await expect(list({ projectId: 'other' })).resolves.toEqual(['4']);
  });

  it('has its envelopes replaced, also of those that have expired', async () => {
    const secrets = new Secrets([new RingKey(Buffer.alloc(32, 1))]);
    const [from, to] = [secrets.encrypt('old', '1'), secrets.encrypt('new', '1')];
    await records.insert(aRecord({ envelope: from, expiresAt: 1 }));

    await expect(records.listSealed(10)).resolves.toEqual([
      { id: '1', projectId: 'project', envelope: from },
    ]);
    await expect(records.replaceEnvelope('1', to, from)).resolves.toBe(false);
    await expect(records.replaceEnvelope('1', from, to)).resolves.toBe(true);
    await expect(records.listSealed(10)).resolves.toMatchObject([{ envelope: to }]);
    await expect(records.listSealed(10, '1')).resolves.toEqual([]);
  });

  it('knows the oldest, and deletes those before an id, of one project', async () => {
    for (const [id, projectId, createdAt] of [
      ['3', 'project', 30],
      ['1', 'other', 10],
      ['2', 'project', 20],
    ] as const) {
      await records.insert(aRecord({ id, projectId, createdAt }));
    }

    await expect(records.oldest()).resolves.toBe(10);
    await expect(records.oldest('project')).resolves.toBe(20);
    await expect(records.deleteOlder('project', '3', 9)).resolves.toBe(1);
    await expect(records.deleteOlder('project', '3', 9)).resolves.toBe(0);
    expect([await records.oldest('project'), await records.oldest()]).toEqual([30, 10]);
    await expect(records.oldest('nobody')).resolves.toBeNull();
  });
});

function aRecord(fields: Partial<StoredTranscription> = {}): StoredTranscription {
  return {
    id: '1',
    projectId: 'project',
    keyId: 'key',
    task: 'transcriptions',
    provider: 'openai',
    fileHash: HASH,
    seconds: 1.693_75,
    costNanoUsd: 169_375,
    cached: false,
    createdAt: NOW,
    expiresAt: NOW + 1,
    envelope: 'sealed',
    ...fields,
  };
}
