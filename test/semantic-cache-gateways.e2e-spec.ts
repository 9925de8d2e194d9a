import { CachedAnswerSweep } from '@app/optimization';
import { ProjectSweep } from '@app/projects';
import { DATABASE, type SqlDatabase } from '@app/shared';
import type { Owner } from './support/caching.js';
import { encryptionKey } from './support/encryption-key.js';
import { eventually } from './support/eventually.js';
import { PgvectorServer } from './support/pgvector-server.js';
import { ASKED, LIKE, ON, SemanticStory } from './support/semantic.js';
import { NO_STORE } from './support/test-store.js';

const SETTINGS = {
  ...NO_STORE,
  AI_GATEWAY_CACHE_STORE: 'database',
  AI_GATEWAY_PROJECT_GRACE_MS: '0',
  AI_GATEWAY_SECURITY_ENCRYPTION_KEY: encryptionKey(7),
};
const TTL_MS = 3_600_000;
const OTHER_WORDS = [
  LIKE,
  'How to reset my password?',
  'What is the way to reset my password?',
  'What is the best way to reset my password?',
  'Hi, how do I reset my password?',
  'Hello, how can I reset my password?',
];

describe('gateways on a PostgreSQL with pgvector', () => {
  let server: PgvectorServer;
  let one: SemanticStory;
  let two: SemanticStory;

  beforeAll(async () => {
    server = await PgvectorServer.start();
    const env = { ...SETTINGS, ...server.env };
    one = await SemanticStory.start(env);
    two = await SemanticStory.start(env);
  });
  afterAll(async () => {
    await two?.stop();
    await one?.stop();
    await server?.remove();
  });

  /** A project, and a question of its that is known. */
  async function asked(): Promise<Owner> {
    const owner = await one.caching.project({ ...ON, cacheTtlSeconds: TTL_MS / 1000 });
    expect((await one.ask(owner, ASKED)).cache).toBe('miss');
    await eventually(async () => expect(await known(owner)).toBe(1));
    return owner;
  }

  async function known({ id }: Owner): Promise<number> {
    const { sql } = one.caching.gateway.app.get<SqlDatabase>(DATABASE);
    const rows = sql.selectFrom('semantic_questions').select('id').where('project_id', '=', id);
    return (await rows.execute()).length;
  }

  it('find what was asked of another one, and before they were started anew', async () => {
    const owner = await asked();
    const words = [...OTHER_WORDS];
    await found(two, owner, words);
    await two.stop();
    two = await SemanticStory.start({ ...SETTINGS, ...server.env });

    await found(two, owner, words);
    await expect(two.report(owner)).resolves.toMatchObject({ found: 1, answered: 1 });
  });

  it('find none of another project', async () => {
    await asked();
    expect((await two.ask(await two.caching.project(ON), LIKE)).cache).toBe('miss');
  });

  it('find none that another one has purged', async () => {
    const owner = await asked();
    await two.caching.gateway.admin('POST', `/admin/projects/${owner.id}/cache/purge`, {});

    await expect(known(owner)).resolves.toBe(0);
    expect((await one.ask(owner, LIKE)).cache).toBe('miss');
  });

  it('have none of a project that is deleted, or whose time is over', async () => {
    const [deleted, over] = [await asked(), await asked()];
    const { app, admin } = one.caching.gateway;
    await admin('DELETE', `/admin/projects/${deleted.id}`);
    await app.get(ProjectSweep).run();
    await expect(known(deleted)).resolves.toBe(0);

    await app.get(CachedAnswerSweep).run();
    await expect(known(over)).resolves.toBe(1);
    one.caching.pass(TTL_MS);
    await app.get(CachedAnswerSweep).run();
    await expect(known(over)).resolves.toBe(0);
  });

  it('ask the vendor while it is frozen, and refuse nobody', async () => {
    const owner = await asked();
    server.freeze();
    try {
      const said = await Promise.all(OTHER_WORDS.map(words => one.ask(owner, words)));
      expect(said.map(({ status }) => status)).toEqual(OTHER_WORDS.map(() => 200));
    } finally {
      server.thaw();
    }
  });
});

describe('a gateway on a PostgreSQL without pgvector', () => {
  it('finds what was asked of itself', async () => {
    const server = await PgvectorServer.start('bare');
    const story = await SemanticStory.start({ ...SETTINGS, ...server.env });
    try {
      const owner = await story.caching.project(ON);
      await story.ask(owner, ASKED);
      expect((await story.ask(owner, LIKE)).cache).toContain('similarity=');
    } finally {
      await story.stop();
      await server.remove();
    }
  });
});

/** A store that takes its time is done without for two seconds; then the words are those of a kept answer, and others are needed. */
async function found(story: SemanticStory, owner: Owner, words: string[]): Promise<void> {
  await eventually(async () => {
    story.caching.pass(3000);
    const { cache } = await story.ask(owner, words.shift() ?? '');
    expect(cache).toContain('similarity=');
  });
}
