import { createLogger, RingKey, Secrets, type SqlDatabase } from '@app/shared';
import { PgvectorServer } from '../../../../test/support/pgvector-server.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { aQuestion, vectorAt } from '../domain/semantic/fixtures.js';
import { MemoryQuestionIndex } from '../domain/semantic/memory-question-index.js';
import {
  type AnsweredQuestion,
  type KnownQuestion,
  QuestionIndex,
} from '../domain/semantic/question-index.js';
import { StoredQuestionIndex } from '../domain/semantic/stored-question-index.js';
import { questionRepository } from '../question-index.provider.js';
import { pgvectorIn } from './pgvector.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const ROOM = { projectId: 'a', room: 'room' };
const SECRETS = new Secrets([new RingKey(Buffer.alloc(32, 1), 'old')]);

let clock: TestClock;
let server: PgvectorServer;
let database: SqlDatabase;

beforeAll(async () => {
  server = await PgvectorServer.start();
  database = await server.open();
  await pgvectorIn(database.sql);
});
afterAll(async () => {
  await database?.close();
  await server?.remove();
});
beforeEach(() => {
  clock = new TestClock();
});

/** The machine may be busy. */
const limits = (inRoom = 500) => ({ inRoom, ofProject: 10, numbers: 16_000, findMs: 30_000 });

/** @param room questions that one may have */
type Make = (room?: number) => Promise<QuestionIndex>;

const inMemory: Make = async room => new MemoryQuestionIndex(clock, 1_000_000, room);
const inPostgres: Make = async inRoom => {
  const questions = await questionRepository.useFactory(database);
  await database.sql.deleteFrom('semantic_questions').execute();
  const storage = { questions, secrets: SECRETS, clock, logger: createLogger('silent') };
  return new StoredQuestionIndex(storage, limits(inRoom));
};

describe.each([
  ['in memory', inMemory],
  ['in PostgreSQL', inPostgres],
])('the index of questions %s', (_, make) => {
  it('tells those of a room that are near, the nearest first, and at most five', async () => {
    const index = await make();
    const angles = [0.9, 0.1, 0.5, 0.3, 0.7, 0.2, 0.4];
    await put(index, ...angles.map(angle => aQuestion(`${angle}`, { angle })));
    const near = await index.nearest(ROOM, vectorAt(0));

    expect(near.map(({ question: { key } }) => key)).toEqual(['0.1', '0.2', '0.3', '0.4', '0.5']);
    expect(near[0]?.similarity).toBeCloseTo(Math.cos(0.1));
    const { vector: _vector, ...known } = aQuestion('0.1', { angle: 0.1 });
    expect(near[0]?.question).toMatchObject(known);
  });

  it('compares nothing across rooms, models or lengths', async () => {
    const index = await make();
    await put(
      index,
      aQuestion('room', { room: 'another' }),
      aQuestion('model', { model: 'v/other' }),
      aQuestion('length', { extra: [0] }),
    );

    await expect(index.nearest(ROOM, vectorAt(0))).resolves.toEqual([]);
  });

  it('tells none that has expired, and lets go of what a project had', async () => {
    const index = await make();
    await put(index, aQuestion('long', { angle: 0.1 }), aQuestion('b', { projectId: 'b', room: 'b' }));
    index.add(aQuestion('short'), 10);
    await settled(index);
    clock.advance(9);
    await expect(keysNear(index)).resolves.toEqual(['short', 'long']);
    clock.advance(1);
    await expect(keysNear(index)).resolves.toEqual(['long']);
    await index.deleteOf('a');

    await expect(keysNear(index)).resolves.toEqual([]);
    await expect(keysNear(index, 'b')).resolves.toEqual(['b']);
  });

  it('has one question by each key', async () => {
    const index = await make();
    await put(index, aQuestion('k'));
    await put(index, aQuestion('k', { angle: 0.2, callId: 'later' }));

    await expect(index.nearest(ROOM, vectorAt(0.2))).resolves.toMatchObject([
      { similarity: expect.closeTo(1) as number, question: { callId: 'later' } },
    ]);
  });

  it('gives up what was of no use for the longest time when a room is full', async () => {
    const index = await make(3);
    for (const key of ['0', '1', '2']) {
      await put(index, aQuestion(key));
      clock.advance(MINUTE + 1);
    }
    const near = await index.nearest(ROOM, vectorAt(0));
    index.touch(near.find(({ question }) => question.key === '0')?.question as KnownQuestion);
    await settled(index);
    clock.advance(1);
    await put(index, aQuestion('3'));

    await expect(keysNear(index)).resolves.toEqual(['0', '2', '3']);
  });
});

describe('questions in PostgreSQL', () => {
  it('are known to all gateways on it, and to whoever starts anew', async () => {
    await put(await inPostgres(), aQuestion('k'));
    const questions = await questionRepository.useFactory(database);
    const storage = { questions, secrets: SECRETS, clock, logger: createLogger('silent') };

    await expect(new StoredQuestionIndex(storage, limits()).nearest(ROOM, vectorAt(0))).resolves.toHaveLength(
      1,
    );
  });

  it('stay when one gateway has not the answer: another one may', async () => {
    const index = await inPostgres();
    await put(index, aQuestion('k'));
    index.miss(aQuestion('k'));
    await settled(index);

    await expect(keysNear(index)).resolves.toEqual(['k']);
  });

  it('are bounded by project, over all its rooms', async () => {
    const index = await inPostgres();
    await put(index, aQuestion('of-b', { projectId: 'b', room: 'b' }));
    for (let number = 0; number < 12; number += 1) {
      clock.advance(1);
      await put(index, aQuestion(`${number}`, { room: `${number}` }));
    }
    await expect(ids()).resolves.toEqual(['10', '11', '2', '3', '4', '5', '6', '7', '8', '9', 'of-b']);
  });

  it('are deleted when they have expired', async () => {
    const index = await inPostgres();
    await put(index, aQuestion('long'));
    ['1', '2', '3'].forEach(key => index.add(aQuestion(key), 10));
    await settled(index);
    clock.advance(10);

    await expect(index.deleteExpired(2)).resolves.toBe(2);
    await expect(index.deleteExpired(2)).resolves.toBe(1);
    await expect(ids()).resolves.toEqual(['long']);
  });

  it('show no word of theirs, and no vector as the model made it', async () => {
    await put(await inPostgres(), aQuestion('k', { text: 'Where is the treasure?', extra: [0, 0] }));
    const rows = await database.sql.selectFrom('semantic_questions').selectAll().execute();

    expect(JSON.stringify(rows)).not.toMatch(/treasure/i);
    expect(rows).toMatchObject([{ vector: expect.stringMatching(/^\[.*\]$/) as string }]);
    expect(rows).not.toMatchObject([{ vector: '[1,0,0,0]' }]);
    expect(rows).toMatchObject([{ envelope: expect.stringMatching(/^v1\.old\./) as string }]);
  });
});

async function put(index: QuestionIndex, ...questions: AnsweredQuestion[]): Promise<void> {
  questions.forEach(question => index.add(question, HOUR));
  await settled(index);
}

async function settled(index: QuestionIndex): Promise<void> {
  if (index instanceof StoredQuestionIndex) {
    await index.settled();
  }
}

async function keysNear(index: QuestionIndex, projectId = 'a'): Promise<string[]> {
  const room = projectId === 'a' ? 'room' : projectId;
  const near = await index.nearest({ projectId, room }, vectorAt(0));
  const keys = near.map(({ question: { key } }) => key);
  return new Set(near.map(({ similarity }) => similarity)).size === 1 ? keys.toSorted() : keys;
}

async function ids(): Promise<string[]> {
  const rows = await database.sql.selectFrom('semantic_questions').select('id').execute();
  return rows.map(({ id }) => id as string).toSorted();
}
