import { randomUUID } from 'node:crypto';
import type { Database } from '@app/shared';
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
      fileLimitBytes: 10 * 1024 ** 3,
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

  it('changes what is given, of that project only', async () => {
    const project = aProject({ fileLimitBytes: 5 });
    const other = aProject();
    await projects.insert(project);
    await projects.insert(other);

    await projects.update(project.id, { name: 'new', strict: true });
    await expect(projects.findById(project.id)).resolves.toEqual({ ...project, name: 'new', strict: true });

    await projects.update(project.id, { fileLimitBytes: null, annotate: false, strict: false });
    await expect(projects.findById(project.id)).resolves.toEqual({
      ...project,
      name: 'new',
      fileLimitBytes: null,
      annotate: false,
    });
    await expect(projects.findById(other.id)).resolves.toEqual(other);
  });

  it('changes the status, and does not mind an unknown id', async () => {
    const project = aProject();
    await projects.insert(project);

    await projects.setStatus(project.id, 'suspended');
    await projects.setStatus(randomUUID(), 'suspended');
    await projects.update(randomUUID(), { name: 'nobody' });

    await expect(projects.list(10)).resolves.toEqual([{ ...project, status: 'suspended' }]);
  });
});

function aProject(fields: Partial<Project> = {}): Project {
  return {
    id: randomUUID(),
    name: 'a project',
    status: 'active',
    strict: false,
    annotate: true,
    fileLimitBytes: null,
    createdAt: '2026-11-24T10:20:30.456Z',
    ...fields,
  };
}

async function ids(projects: Promise<Project[]>): Promise<string[]> {
  return (await projects).map(({ id }) => id);
}
