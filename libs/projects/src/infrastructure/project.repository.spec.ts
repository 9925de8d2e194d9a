import { randomUUID } from 'node:crypto';
import type { Database } from '@app/shared';
import { aProject } from '../../../../test/support/a-project.js';
import { databases } from '../../../../test/support/databases.js';
import type { Project } from '../domain/project.entity.js';
import type { ProjectRepository } from '../domain/project.repository.js';
import { projectRepository } from '../projects.module.js';

describe.each(await databases())('ProjectRepository on %s', (_, open) => {
  let database: Database;
  let projects: ProjectRepository;

  beforeEach(async () => {
    database = await open();
    projects = await projectRepository.useFactory(database);
  });

  afterEach(async () => {
    await database.close();
  });

  it('gives back exactly what was stored', async () => {
    const plain = aProject();
    const other = aProject({
      name: 'Füße & 🦶 "quoted" \'single\' \\',
      status: 'suspended',
      strict: true,
      annotate: false,
      bodyLimitBytes: 1,
      fileLimitBytes: 10 * 1024 ** 3,
      defaultChatModel: 'openai/gpt-5-mini',
      defaultTranscriptionModel: 'whisper-1',
      allowedVendors: ['openai', 'google'],
      requestsPerMinute: 600,
      concurrentCalls: 20,
      tokensPerMinute: 90_000,
      cache: 'deterministic',
      cacheTtlSeconds: 60,
      cacheScope: 'key',
      semanticCache: 'shadow',
      semanticCacheModel: 'openai/text-embedding-3-small',
      semanticCacheThreshold: 0.875,
      semanticCacheNever: ['my order', '"quoted"'],
      cacheKeeps: ['truncated', 'errors'],
      transcriptionCache: true,
      transcriptionHistoryDays: 30,
      transcriptionHistoryText: true,
      retentionUsageDays: 90,
      retentionDecisionDays: 0,
      retentionResponseDays: 36_500,
      promptPasses: ['tool_order', 'cache_marks'],
      deletesAt: '2026-12-24T10:20:30.456Z',
    });
    await projects.insert(plain);
    await projects.insert(other);

    await expect(projects.findById(plain.id)).resolves.toEqual(plain);
    await expect(projects.findById(other.id)).resolves.toEqual(other);
  });

  it('finds nothing for an unknown id', async () => {
    await expect(projects.findById(randomUUID())).resolves.toBeNull();
    await expect(projects.findById("' or '1'='1")).resolves.toBeNull();
  });

  it('lists by id, behind the given one', async () => {
    for (const id of ['b', 'd', 'a', 'c']) {
      await projects.insert(aProject({ id }));
    }

    await expect(ids(projects.list(10))).resolves.toEqual(['a', 'b', 'c', 'd']);
    await expect(ids(projects.list(2))).resolves.toEqual(['a', 'b']);
    await expect(ids(projects.list(2, 'b'))).resolves.toEqual(['c', 'd']);
    await expect(ids(projects.list(2, 'd'))).resolves.toEqual([]);
  });

  it('changes what is given, of the version that is there only', async () => {
    const project = aProject({ fileLimitBytes: 5 });
    const other = aProject();
    await projects.insert(project);
    await projects.insert(other);

    await expect(projects.update(project.id, 1, { name: 'new', strict: true })).resolves.toBe(true);
    await expect(projects.update(project.id, 1, { name: 'late' })).resolves.toBe(false);
    await expect(projects.update(randomUUID(), 1, { name: 'nobody' })).resolves.toBe(false);
    await expect(projects.findById(project.id)).resolves.toEqual({
      ...project,
      name: 'new',
      strict: true,
      version: 2,
    });

    const change = { fileLimitBytes: null, annotate: false, strict: false, status: 'suspended' } as const;
    await projects.update(project.id, 2, change);
    await expect(projects.findById(project.id)).resolves.toEqual({
      ...project,
      ...change,
      name: 'new',
      version: 3,
    });
    await expect(projects.findById(other.id)).resolves.toEqual(other);
  });

  it('finds those whose grace is over, and deletes', async () => {
    const due = aProject({ deletesAt: '2026-12-01T00:00:00.000Z' });
    const later = aProject({ deletesAt: '2026-12-01T00:00:00.001Z' });
    await projects.insert(due);
    await projects.insert(later);
    await projects.insert(aProject());
    const now = Date.parse('2026-12-01T00:00:00Z');

    await expect(projects.findDue(now, 10)).resolves.toEqual([due]);
    await expect(projects.findDue(now + 1, 1)).resolves.toEqual([due]);
    await projects.delete(due.id);
    await expect(projects.findDue(now + 1, 10)).resolves.toEqual([later]);
    await expect(projects.list(10)).resolves.toHaveLength(2);
  });
});

async function ids(projects: Promise<Project[]>): Promise<string[]> {
  return (await projects).map(({ id }) => id);
}
