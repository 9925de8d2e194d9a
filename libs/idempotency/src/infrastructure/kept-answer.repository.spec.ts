import { type Database, RingKey, Secrets } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import type { StoredAnswer } from '../domain/kept-answer.entity.js';
import type { KeptAnswerRepository } from '../domain/kept-answer.repository.js';
import { keptAnswerRepository } from '../idempotency.module.js';

const NOW = 1000;
const ENDING = { state: 'kept', envelope: 'answer', expiresAt: NOW + 500 } as const;

describe.each(await databases())('KeptAnswerRepository on %s', (_, open) => {
  let database: Database;
  let answers: KeptAnswerRepository;

  beforeEach(async () => {
    database = await open();
    answers = await keptAnswerRepository.useFactory(database);
  });
  afterEach(() => database.close());

  it('gives a key to one of many who want it at once', async () => {
    const calls = Array.from({ length: 20 }, (_unused, index) => aClaim({ callId: `call-${index}` }));
    const taken = await Promise.all(calls.map(claim => answers.claim(claim, NOW)));

    expect(taken.filter(Boolean)).toHaveLength(1);
    await expect(answers.findById('key-1', NOW)).resolves.toEqual(calls[taken.indexOf(true)]);
    await expect(answers.findById('key-2', NOW)).resolves.toBeNull();

    const later = calls.map(claim => ({ ...claim, expiresAt: NOW + 900, leaseUntil: NOW + 800 }));
    const again = await Promise.all(later.map(claim => answers.claim(claim, NOW + 51)));
    expect(again.filter(Boolean)).toHaveLength(1);
    await expect(answers.findById('key-1', NOW)).resolves.toEqual(later[again.indexOf(true)]);
  });

  it('gives a key anew when its lease or its time is over, whole', async () => {
    const other = aClaim({ callId: 'other', projectId: 'project', expiresAt: NOW + 900, envelope: 'other' });
    await answers.claim(aClaim({ leaseUntil: NOW }), NOW);

    await expect(answers.claim(other, NOW)).resolves.toBe(false);
    await expect(answers.claim(other, NOW + 1)).resolves.toBe(true);
    await expect(answers.findById('key-1', NOW)).resolves.toEqual(other);
    await answers.finish('key-1', 'other', ENDING);
    await expect(answers.claim(aClaim(), NOW + 499)).resolves.toBe(false);
    await expect(answers.claim(aClaim({ expiresAt: NOW + 999 }), NOW + 500)).resolves.toBe(true);
  });

  it('lets only the call that has the key go on with it', async () => {
    const claim = aClaim();
    await answers.claim(claim, NOW);

    await expect(answers.renewLease('key-1', 'other', NOW + 70)).resolves.toBe(false);
    await expect(answers.finish('key-1', 'other', ENDING)).resolves.toBe(false);
    await answers.release('key-1', 'other');
    await expect(answers.findById('key-1', NOW)).resolves.toEqual(claim);

    await expect(answers.renewLease('key-1', 'call-1', NOW + 70)).resolves.toBe(true);
    await expect(answers.findById('key-1', NOW)).resolves.toEqual({ ...claim, leaseUntil: NOW + 70 });
    await expect(answers.finish('key-1', 'call-1', ENDING)).resolves.toBe(true);
    await expect(answers.findById('key-1', NOW)).resolves.toEqual({ ...claim, ...ENDING, leaseUntil: null });

    await expect(answers.finish('key-1', 'call-1', ENDING)).resolves.toBe(false);
    await expect(answers.renewLease('key-1', 'call-1', NOW + 80)).resolves.toBe(false);
    await answers.release('key-1', 'call-1');
    await expect(answers.findById('key-1', NOW)).resolves.not.toBeNull();
  });

  it('frees the key of a call that came to nothing', async () => {
    await answers.claim(aClaim(), NOW);
    await answers.release('key-1', 'call-1');

    await expect(answers.findById('key-1', NOW)).resolves.toBeNull();
    await expect(answers.claim(aClaim({ callId: 'call-2' }), NOW)).resolves.toBe(true);
  });

  it('does not find what has expired, and deletes it in batches', async () => {
    for (const [id, expiresAt] of [
      ['key-1', NOW - 2],
      ['key-2', NOW - 1],
      ['key-3', NOW],
      ['key-4', NOW + 1],
    ] as const) {
      await answers.claim(aClaim({ id, expiresAt }), 0);
    }

    await expect(answers.findById('key-3', NOW)).resolves.toBeNull();
    await expect(answers.findById('key-4', NOW)).resolves.not.toBeNull();
    await expect(answers.deleteExpired(NOW, 2)).resolves.toBe(2);
    await expect(answers.findById('key-3', 0)).resolves.not.toBeNull();
    await expect(answers.deleteExpired(NOW, 2)).resolves.toBe(1);
    await expect(answers.deleteExpired(NOW, 2)).resolves.toBe(0);
    await expect(answers.findById('key-4', 0)).resolves.not.toBeNull();
  });

  it('lists the envelopes of all projects, and replaces one that did not change meanwhile', async () => {
    await answers.claim(aClaim({ id: 'key-2', projectId: 'other', envelope: 'two' }), NOW);
    await answers.claim(aClaim({ id: 'key-1', envelope: 'one', expiresAt: 1 }), NOW);

    await expect(answers.listSealed(1)).resolves.toEqual([
      { id: 'key-1', projectId: 'project', envelope: 'one' },
    ]);
    await expect(answers.replaceEnvelope('key-2', 'two', 'new')).resolves.toBe(true);
    await expect(answers.replaceEnvelope('key-2', 'two', 'newer')).resolves.toBe(false);
    await expect(answers.listSealed(2, 'key-1')).resolves.toEqual([
      { id: 'key-2', projectId: 'other', envelope: 'new' },
    ]);
  });

  it('keeps an answer of the largest size', async () => {
    const secrets = new Secrets([new RingKey(Buffer.alloc(32, 1), 'old')]);
    const envelope = secrets.encrypt(Buffer.alloc(8 * 1024 * 1024).toString('base64'), 'key-1');
    await answers.claim(aClaim(), NOW);

    await expect(answers.finish('key-1', 'call-1', { ...ENDING, envelope })).resolves.toBe(true);
    const found = await answers.findById('key-1', NOW);
    expect(found?.envelope === envelope).toBe(true);
  });

  it('deletes all of a project, and of no other', async () => {
    await answers.claim(aClaim(), NOW);
    await answers.claim(aClaim({ id: 'key-2', projectId: 'other' }), NOW);
    await answers.deleteOf('project');

    await expect(answers.findById('key-1', NOW)).resolves.toBeNull();
    await expect(answers.findById('key-2', NOW)).resolves.not.toBeNull();
  });
});

function aClaim(some: Partial<StoredAnswer> = {}): StoredAnswer {
  return {
    id: 'key-1',
    projectId: 'project',
    callId: 'call-1',
    state: 'running',
    expiresAt: NOW + 100,
    leaseUntil: NOW + 50,
    envelope: 'claim',
    ...some,
  };
}
