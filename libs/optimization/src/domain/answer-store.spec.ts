import { createLogger, RingKey, Secrets, type SqlDatabase } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { cachedAnswerRepository } from '../answer-storage.module.js';
import { AnswerStore } from './answer-store.js';
import type { CachedAnswer } from './cached-answer.entity.js';
import type { CachedAnswerRepository } from './cached-answer.repository.js';

const RING = new RingKey(Buffer.alloc(32, 1), 'old');
const OTHER_RING = new RingKey(Buffer.alloc(32, 2), 'new');
const SECRETS = new Secrets([RING]);
const PAUSE_MS = 2000;

let database: SqlDatabase;
let answers: CachedAnswerRepository;
let clock: TestClock;
let lines: string[];

beforeEach(async () => {
  database = openInMemory();
  answers = await cachedAnswerRepository.useFactory(database);
  clock = new TestClock();
  lines = [];
});
afterEach(() => database.close());

function aStore(secrets = SECRETS, port = answers): AnswerStore {
  return new AnswerStore(port, secrets, clock, createLogger('warn', { write: line => lines.push(line) }));
}

async function kept(some: Partial<CachedAnswer> = {}): Promise<CachedAnswer> {
  const answer = anAnswer(some);
  const store = aStore();
  store.keep(answer);
  await store.settled();
  return answer;
}

describe('AnswerStore', () => {
  it('gives an answer back byte by byte, to its project alone, until its time is over', async () => {
    const answer = await kept({ costNanoUsd: null });

    await expect(aStore().find('project', 'key-1')).resolves.toEqual(answer);
    await expect(aStore().find('other', 'key-1')).resolves.toBeNull();
    clock.advance(999);
    await expect(aStore().find('project', 'key-1')).resolves.toEqual(answer);
    clock.advance(1);
    await expect(aStore().find('project', 'key-1')).resolves.toBeNull();
  });

  it('keeps nothing that anybody could read without the encryption key, and little of what repeats itself', async () => {
    const body = Buffer.from('data: {"said":"a secret"}\n\n'.repeat(10_000));
    const answer = await kept({ body });
    const stored = await answers.find('project', 'key-1', clock.now());

    expect(stored).toMatchObject({ namespace: 'n', model: 'openai/gpt-5', expiresAt: answer.expiresAt });
    const sealed = Buffer.from(stored?.envelope.split('.')[2] ?? '', 'base64url');
    expect(sealed.length).toBeLessThan(body.length / 20);
    expect(sealed.includes('secret')).toBe(false);
    await expect(aStore().find('project', 'key-1')).resolves.toEqual(answer);
  });

  it('believes the envelope, not what stands beside it', async () => {
    const answer = await kept();
    const stored = await answers.find('project', 'key-1', clock.now());
    await answers.save({ ...stored, expiresAt: clock.now() + 1e9, model: 'x/y' } as NonNullable<
      typeof stored
    >);
    clock.advance(1001);

    await expect(aStore().find('project', 'key-1')).resolves.toEqual(answer);
  });

  it.each<[string, (stored: string) => string]>([
    ['altered', envelope => envelope.slice(0, -4) + (envelope.endsWith('AAAA') ? 'BBBB' : 'AAAA')],
    ['cut', envelope => envelope.slice(0, 60)],
    ['sealed with a lost key', envelope => envelope.replace('v1.old.', 'v1.lost.')],
    ['moved from another key', () => SECRETS.encrypt('{}', 'key-2')],
    ['of another kind', () => SECRETS.encrypt('no answer', 'key-1')],
  ])('has no answer that is %s, and deletes it', async (_, altered) => {
    await kept();
    const stored = await answers.find('project', 'key-1', clock.now());
    const envelope = altered(stored?.envelope ?? '');
    await answers.save({ ...stored, envelope } as NonNullable<typeof stored>);

    await expect(aStore().find('project', 'key-1')).resolves.toBeNull();
    await expect(answers.find('project', 'key-1', clock.now())).resolves.toBeNull();
    expect(lines).toHaveLength(1);
  });

  it('opens what an older encryption key of the ring sealed', async () => {
    const answer = await kept();

    await expect(aStore(new Secrets([OTHER_RING, RING])).find('project', 'key-1')).resolves.toEqual(answer);
  });

  it('does without a store that is away, asks it again after a while, and tells once', async () => {
    const asked: string[] = [];
    const outage = { isOver: false };
    const port = new Proxy(answers, {
      get: (target, name: keyof CachedAnswerRepository) => {
        asked.push(name);
        return outage.isOver
          ? (target[name] as () => unknown).bind(target)
          : () => Promise.reject(new Error('away'));
      },
    });
    const answer = await kept();
    const store = aStore(SECRETS, port);

    await expect(store.find('project', 'key-1')).resolves.toBeUndefined();
    store.keep(answer);
    await expect(store.find('project', 'key-1')).resolves.toBeUndefined();
    expect(asked).toEqual(['find']);
    clock.advance(PAUSE_MS);
    store.keep(answer);
    await store.settled();
    expect(asked).toEqual(['find', 'save']);
    expect(lines).toHaveLength(1);

    outage.isOver = true;
    clock.advance(PAUSE_MS);
    await expect(store.find('project', 'key-1')).resolves.toBeNull(); // its time is over meanwhile
    await database.close();
    await expect(store.find('project', 'key-1')).resolves.toBeUndefined();
    expect(lines).toHaveLength(2);
  });

  it('does not wait for a store that is slow', async () => {
    const port = new Proxy(answers, { get: () => () => new Promise(() => undefined) });
    const store = aStore(SECRETS, port);

    await expect(store.find('project', 'key-1')).resolves.toBeUndefined();
    expect(lines).toEqual([expect.stringContaining('within 200 ms')]);
  });

  it('takes no more at once than a slow store may have before it', async () => {
    const store = aStore();
    for (let number = 0; number < 100; number++) {
      store.keep(anAnswer({ key: `key-${number}` }));
    }
    await store.settled();

    const found = await Promise.all(
      Array.from({ length: 100 }, (_, number) => store.find('project', `key-${number}`)),
    );
    expect(found.filter(Boolean)).toHaveLength(32);
  });
});

function anAnswer(some: Partial<CachedAnswer> = {}): CachedAnswer {
  return {
    key: 'key-1',
    projectId: 'project',
    namespace: 'n',
    vendor: 'openai',
    model: 'gpt-5',
    dialect: 'openai-chat',
    contentType: 'text/event-stream',
    body: Buffer.from([0, 255, 10, 128, 10]),
    pieces: [2, 3],
    callId: 'call-1',
    keptAt: clock.now(),
    expiresAt: clock.now() + 1000,
    inputTokens: 3,
    outputTokens: 5,
    costNanoUsd: 1_234_567,
    simulated: false,
    ...some,
  };
}
