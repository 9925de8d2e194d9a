import { createLogger, RingKey, Secrets, type SqlDatabase } from '@app/shared';
import { eventually } from '../../../../../test/support/eventually.js';
import { PgvectorServer } from '../../../../../test/support/pgvector-server.js';
import { TestClock } from '../../../../../test/support/test-clock.js';
import { pgvectorIn } from '../../infrastructure/pgvector.js';
import { questionRepository } from '../../question-index.provider.js';
import { aQuestion, vectorAt } from './fixtures.js';
import type { QuestionRepository } from './question.repository.js';
import { type QuestionStorage, StoredQuestionIndex } from './stored-question-index.js';

const HOUR = 3_600_000;
const PAUSE_MS = 2000;
const ROOM = { projectId: 'a', room: 'room' };
/** The machine may be busy. */
const LIMITS = { inRoom: 500, ofProject: 500, numbers: 16_000, findMs: 30_000 };
const SECRETS = new Secrets([new RingKey(Buffer.alloc(32, 1), 'old')]);

let server: PgvectorServer;
let database: SqlDatabase;
let questions: QuestionRepository;
let clock: TestClock;
let lines: string[];

beforeAll(async () => {
  server = await PgvectorServer.start();
  database = await server.open();
  await pgvectorIn(database.sql);
  questions = await questionRepository.useFactory(database);
});
afterAll(async () => {
  await database?.close();
  await server?.remove();
});
beforeEach(async () => {
  await database.sql.deleteFrom('semantic_questions').execute();
  clock = new TestClock();
  lines = [];
});

function storage(some: Partial<QuestionStorage> = {}): QuestionStorage {
  const logger = createLogger('warn', { write: line => lines.push(line) });
  return { questions, secrets: SECRETS, clock, logger, ...some };
}

async function indexWith(...keys: string[]): Promise<StoredQuestionIndex> {
  const index = new StoredQuestionIndex(storage(), LIMITS);
  keys.forEach(key => index.add(aQuestion(key), HOUR));
  await index.settled();
  return index;
}

const never = (): Promise<unknown> => new Promise(() => undefined);

async function rows(): Promise<number> {
  return (await database.sql.selectFrom('semantic_questions').select('id').execute()).length;
}

describe('the index of questions in a store', () => {
  it.each<[string, Record<string, string>]>([
    ['altered', { envelope: 'v1.old.AAAA' }],
    ['sealed with a lost key', { envelope: SECRETS.encrypt('{}', 'x').replace('v1.old.', 'v1.lost.') }],
    ['of another kind', { envelope: SECRETS.encrypt('{}', '1') }],
    ['moved to another project', { project_id: 'b' }],
    ['moved to another room', { room: 'other' }],
    ['put before another answer', { call_id: 'other' }],
  ])('tells no questions whose words are %s, deletes them, and says so once', async (_, altered) => {
    const index = await indexWith('1', '2');
    await database.sql.updateTable('semantic_questions').set(altered).execute();
    const { project_id: projectId = 'a', room = 'room' } = altered;

    await expect(index.nearest({ projectId, room }, vectorAt(0))).resolves.toEqual([]);
    await index.settled();
    await expect(rows()).resolves.toBe(0);
    expect(lines).toEqual([expect.stringContaining('does not open')]);
  });

  it('deletes also what is on its way of a project', async () => {
    const index = await indexWith();
    index.add(aQuestion('k'), HOUR);
    await index.deleteOf('a');

    await index.settled();
    await expect(rows()).resolves.toBe(0);
  });

  it('asks the store nothing about vectors that it does not take', async () => {
    const index = await indexWith();
    const extra = Array.from({ length: 16_000 }, () => 0);
    index.add(aQuestion('k', { extra }), HOUR);
    await index.settled();

    await expect(index.nearest(ROOM, vectorAt(0, 'v/m', extra))).resolves.toEqual([]);
    expect(lines).toEqual([]);
    await expect(rows()).resolves.toBe(0);
  });

  it('finds nothing in a store that is slow, or away, asks it again after a while, and tells once', async () => {
    const asked: string[] = [];
    let answer: (() => Promise<unknown>) | null = never;
    const port = new Proxy(questions, {
      get: (target, name: keyof QuestionRepository) => {
        asked.push(name);
        return answer ?? (target[name] as () => unknown).bind(target);
      },
    });
    await indexWith('k');
    const index = new StoredQuestionIndex(storage({ questions: port }));

    await expect(index.nearest(ROOM, vectorAt(0))).resolves.toEqual([]);
    index.touch(aQuestion('k'));
    index.add(aQuestion('other'), HOUR);
    await expect(index.nearest(ROOM, vectorAt(0))).resolves.toEqual([]);
    expect(asked).toEqual(['nearest']);
    expect(lines).toEqual([expect.stringContaining('within 200 ms')]);

    answer = () => Promise.reject(new Error('away'));
    clock.advance(PAUSE_MS);
    await expect(index.nearest(ROOM, vectorAt(0))).resolves.toEqual([]);
    expect(lines).toHaveLength(1);
    await expect(index.deleteOf('a')).rejects.toThrow('away');

    answer = null;
    await eventually(async () => {
      clock.advance(PAUSE_MS);
      await expect(index.nearest(ROOM, vectorAt(0))).resolves.toHaveLength(1);
    });
  });
});
