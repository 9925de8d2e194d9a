import { type Database, RingKey, Secrets } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import type { StoredResponse } from '../domain/kept-response.entity.js';
import type { ResponseRepository } from '../domain/response.repository.js';
import { responseRepository } from '../responses.module.js';

const NOW = 1000;

describe.each(await databases())('ResponseRepository on %s', (_, open) => {
  let database: Database;
  let responses: ResponseRepository;

  beforeEach(async () => {
    database = await open();
    responses = await responseRepository.useFactory(database);
  });

  afterEach(async () => {
    await database.close();
  });

  it('gives back exactly what was stored, to its project only', async () => {
    const plain = aResponse({ ancestors: ['resp_a', 'resp_b'], conversationId: 'conv_1', background: true });
    const first = aResponse({
      id: 'resp_2',
      leaseUntil: 5,
      status: 'in_progress',
      envelope: 'x'.repeat(3_000_000),
    });
    await responses.insert(plain);
    await responses.insert(first);

    await expect(responses.findById('project', plain.id, NOW)).resolves.toEqual(plain);
    await expect(responses.findById('project', first.id, NOW)).resolves.toEqual(first);
    await expect(responses.findById('other', plain.id, NOW)).resolves.toBeNull();
    await expect(responses.findById('project', 'resp_unknown', NOW)).resolves.toBeNull();
  });

  it('finds many at once, of that project only', async () => {
    for (const [id, projectId] of [
      ['resp_1', 'project'],
      ['resp_2', 'project'],
      ['resp_3', 'other'],
    ] as const) {
      await responses.insert(aResponse({ id, projectId }));
    }
    const found = await responses.findByIds('project', ['resp_2', 'resp_3', 'resp_1', 'resp_9'], NOW);

    expect(found.map(({ id }) => id).toSorted()).toEqual(['resp_1', 'resp_2']);
  });

  it('does not find what has expired, and deletes it in batches', async () => {
    for (const [id, expiresAt] of [
      ['resp_1', NOW - 2],
      ['resp_2', NOW - 1],
      ['resp_3', NOW],
      ['resp_4', NOW + 1],
    ] as const) {
      await responses.insert(aResponse({ id, expiresAt }));
    }

    await expect(responses.findById('project', 'resp_3', NOW)).resolves.toBeNull();
    await expect(responses.findById('project', 'resp_4', NOW)).resolves.not.toBeNull();
    await expect(responses.deleteExpired(NOW, 2)).resolves.toBe(2);
    await expect(responses.findById('project', 'resp_3', 0)).resolves.not.toBeNull();
    await expect(responses.deleteExpired(NOW, 2)).resolves.toBe(1);
    await expect(responses.deleteExpired(NOW, 2)).resolves.toBe(0);
    await expect(responses.findById('project', 'resp_4', 0)).resolves.not.toBeNull();
  });

  it('ends one that is in progress, once', async () => {
    const running = aResponse({ status: 'in_progress', leaseUntil: NOW });
    await responses.insert(running);

    await expect(responses.renewLease(running.id, NOW + 5)).resolves.toBe(true);
    await expect(responses.findById('project', running.id, NOW)).resolves.toMatchObject({
      leaseUntil: NOW + 5,
    });
    const ending = { status: 'completed', envelope: 'new', contextBytes: 77 } as const;
    await expect(responses.finish(running.id, ending)).resolves.toBe(true);
    await expect(responses.finish(running.id, { ...ending, status: 'cancelled' })).resolves.toBe(false);
    await expect(responses.renewLease(running.id, NOW + 9)).resolves.toBe(false);
    await expect(responses.findById('project', running.id, NOW)).resolves.toEqual({
      ...running,
      ...ending,
      leaseUntil: null,
    });
  });

  it('lists the envelopes of all projects, expired ones too, and replaces one that did not change meanwhile', async () => {
    for (const [id, projectId] of [
      ['resp_2', 'project'],
      ['resp_3', 'other'],
      ['resp_1', 'project'],
    ] as const) {
      await responses.insert(aResponse({ id, projectId, expiresAt: 1, envelope: `envelope ${id}` }));
    }

    await expect(responses.listSealed(2)).resolves.toEqual([
      { id: 'resp_1', projectId: 'project', envelope: 'envelope resp_1' },
      { id: 'resp_2', projectId: 'project', envelope: 'envelope resp_2' },
    ]);
    await expect(responses.replaceEnvelope('resp_3', 'envelope resp_3', 'new')).resolves.toBe(true);
    await expect(responses.replaceEnvelope('resp_3', 'envelope resp_3', 'newer')).resolves.toBe(false);
    await expect(responses.replaceEnvelope('resp_9', 'new', 'newer')).resolves.toBe(false);
    await expect(responses.listSealed(2, 'resp_2')).resolves.toEqual([
      { id: 'resp_3', projectId: 'other', envelope: 'new' },
    ]);
    await expect(responses.listSealed(2, 'resp_3')).resolves.toEqual([]);
  });

  it('replaces an envelope as large as the largest record', async () => {
    const secrets = new Secrets([new RingKey(Buffer.alloc(32, 1), 'old')]);
    const contents = 'x'.repeat(11 * 1024 * 1024);
    const [from, to] = [secrets.encrypt(contents, 'resp_1'), secrets.encrypt(contents, 'resp_1')];
    await responses.insert(aResponse({ envelope: from }));

    await expect(responses.replaceEnvelope('resp_1', to, from)).resolves.toBe(false);
    await expect(responses.replaceEnvelope('resp_1', from, to)).resolves.toBe(true);
    const [kept] = await responses.listSealed(1);
    expect(kept?.envelope === to).toBe(true); // not toBe(to): nobody wants to read the difference
  });

  it('deletes one, and all of a project', async () => {
    await responses.insert(aResponse());
    await responses.insert(aResponse({ id: 'resp_2' }));
    await responses.insert(aResponse({ id: 'resp_3', projectId: 'other' }));

    await expect(responses.delete('other', 'resp_1')).resolves.toBe(false);
    await expect(responses.delete('project', 'resp_1')).resolves.toBe(true);
    await expect(responses.delete('project', 'resp_1')).resolves.toBe(false);
    await responses.deleteOf('project');
    await expect(responses.findById('project', 'resp_2', NOW)).resolves.toBeNull();
    await expect(responses.findById('other', 'resp_3', NOW)).resolves.not.toBeNull();
  });

  it('knows the oldest, and deletes those before an id, of one project', async () => {
    for (const [id, projectId, createdAt] of [
      ['resp_3', 'project', 30],
      ['resp_1', 'other', 10],
      ['resp_2', 'project', 20],
      ['resp_4', 'project', 40],
    ] as const) {
      await responses.insert(aResponse({ id, projectId, createdAt }));
    }

    await expect(responses.oldest()).resolves.toBe(10);
    await expect(responses.oldest('project')).resolves.toBe(20);
    await expect(responses.oldest('nobody')).resolves.toBeNull();
    await expect(responses.deleteOlder('project', 'resp_4', 1)).resolves.toBe(1);
    await expect(responses.oldest('project')).resolves.toBe(30);
    await expect(responses.deleteOlder('project', 'resp_4', 9)).resolves.toBe(1);
    await expect(responses.deleteOlder('project', 'resp_4', 9)).resolves.toBe(0);
    expect([await responses.oldest('project'), await responses.oldest()]).toEqual([40, 10]);
  });
});

function aResponse(fields: Partial<StoredResponse> = {}): StoredResponse {
  return {
    id: 'resp_1',
    projectId: 'project',
    createdAt: 1,
    expiresAt: NOW + 1000,
    status: 'completed',
    provider: 'anthropic',
    model: 'claude-sonnet-5',
    ancestors: [],
    conversationId: null,
    background: false,
    contextBytes: 2_000_000_000,
    leaseUntil: null,
    envelope: 'v1.key.sealed',
    ...fields,
  };
}
