import { ConflictError, NotFoundError, StoreUnavailableError } from '@app/shared';
import { BY, openProjects, type TestProjects } from '../../../../test/support/projects.js';

const WEEK_MS = 7 * 24 * 3_600_000;

const later = (ms: number): typeof BY => ({ ...BY, at: BY.at + ms });

describe('ProjectsService', () => {
  let test: TestProjects;

  beforeEach(async () => {
    test = await openProjects();
  });

  afterEach(async () => {
    await test.database.close();
  });

  it('creates an active project with defaults and a first key that opens it', async () => {
    const { apiKey, ...project } = await test.projectChanges.create(BY, { name: 'demo' });

    expect(project).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      name: 'demo',
      status: 'active',
      strict: false,
      annotate: true,
      bodyLimitBytes: null,
      fileLimitBytes: null,
      defaultChatModel: null,
      defaultTranscriptionModel: null,
      allowedVendors: null,
      requestsPerMinute: null,
      concurrentCalls: null,
      tokensPerMinute: null,
      cache: 'off',
      cacheTtlSeconds: 3600,
      cacheScope: 'project',
      semanticCache: 'off',
      semanticCacheModel: null,
      semanticCacheThreshold: 0.9,
      semanticCacheNever: [],
      cacheKeeps: [],
      transcriptionCache: false,
      transcriptionHistoryDays: null,
      transcriptionHistoryText: false,
      retentionUsageDays: null,
      retentionDecisionDays: null,
      retentionResponseDays: null,
      promptPasses: [],
      createdAt: '2026-11-24T00:00:00.000Z',
      deletesAt: null,
      version: 1,
    });
    await expect(test.projects.get(project.id)).resolves.toEqual(project);
    await expect(test.apiKeys.findOwner(apiKey)).resolves.toMatchObject({ project });
  });

  it('takes the settings that are given, and undefined for not given', async () => {
    await expect(
      test.projectChanges.create(BY, {
        name: 'strict',
        strict: true,
        annotate: undefined,
        fileLimitBytes: 10,
      }),
    ).resolves.toMatchObject({ strict: true, annotate: true, fileLimitBytes: 10 });
  });

  it('changes what is given and keeps the rest', async () => {
    const { id } = await test.projectChanges.create(BY, { name: 'demo', strict: true, fileLimitBytes: 10 });

    await expect(
      test.projectChanges.update(BY, id, { name: 'new', strict: undefined, fileLimitBytes: null }),
    ).resolves.toMatchObject({ id, name: 'new', strict: true, annotate: true, fileLimitBytes: null });
    await expect(test.projectChanges.update(BY, id, {})).resolves.toMatchObject({ name: 'new' });
  });

  it('suspends and activates, as often as it is told', async () => {
    const { id } = await test.projectChanges.create(BY, { name: 'demo' });

    await expect(test.projectChanges.suspend(BY, id)).resolves.toMatchObject({ status: 'suspended' });
    await expect(test.projectChanges.suspend(BY, id)).resolves.toMatchObject({ status: 'suspended' });
    await expect(test.projectChanges.activate(BY, id)).resolves.toMatchObject({ status: 'active' });
  });

  it('deletes with a grace of a week, in which it can be restored', async () => {
    const { id } = await test.projectChanges.create(BY, { name: 'demo' });
    const deletesAt = '2026-12-01T00:00:00.000Z';

    await expect(test.projectChanges.restore(BY, id)).rejects.toThrow(ConflictError);
    await expect(test.projectChanges.delete(BY, id)).resolves.toMatchObject({ deletesAt, version: 2 });
    await expect(test.projectChanges.delete(later(1000), id)).resolves.toMatchObject({ deletesAt });
    await expect(test.projectChanges.restore(later(WEEK_MS), id)).rejects.toMatchObject({
      code: 'project_grace_over',
    });
    await expect(test.projectChanges.restore(later(WEEK_MS - 1), id)).resolves.toMatchObject({
      deletesAt: null,
      version: 3,
    });
  });

  it('gives every project once, page by page', async () => {
    const created = new Set<string>();
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      created.add((await test.projectChanges.create(BY, { name })).id);
    }

    const first = await test.projects.list({ limit: 2 });
    const second = await test.projects.list({ limit: 2, after: first.next ?? '' });
    const third = await test.projects.list({ limit: 2, after: second.next ?? '' });
    const pages = [first, second, third];

    expect(pages.map(({ data }) => data.length)).toEqual([2, 2, 1]);
    expect(third.next).toBeNull();
    expect(new Set(pages.flatMap(({ data }) => data.map(({ id }) => id)))).toEqual(created);
    await expect(test.projects.list({ limit: 5 })).resolves.toMatchObject({ next: null });
  });

  it('knows no other project', async () => {
    for (const work of [
      test.projects.get('nobody'),
      test.projectChanges.update(BY, 'nobody', { name: 'x' }),
      test.projectChanges.update(BY, 'nobody', {}),
      test.projectChanges.suspend(BY, 'nobody'),
      test.projectChanges.activate(BY, 'nobody'),
    ]) {
      await expect(work).rejects.toThrow(NotFoundError);
    }
  });

  it('says when the store is gone', async () => {
    await test.database.close();

    await expect(test.projectChanges.create(BY, { name: 'demo' })).rejects.toBeInstanceOf(
      StoreUnavailableError,
    );
    await expect(test.projects.list({ limit: 1 })).rejects.toBeInstanceOf(StoreUnavailableError);
  });
});
