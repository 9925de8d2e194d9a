import { ProjectStamp, readConfig, RingKey, Secrets, type SqlDatabase } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { keptAnswerRepository } from '../idempotency.module.js';
import type { KeptAnswerRepository } from './kept-answer.repository.js';
import { KeptAnswers, LEASE_MS } from './kept-answers.service.js';

const TTL_MS = 500_000;
const HOLDER = { id: 'key-1', projectId: 'project', callId: 'call-1', fingerprint: 'f-1' };
const SECOND = { ...HOLDER, callId: 'call-2', fingerprint: 'f-2' };
const ANSWER = {
  status: 200,
  headers: { 'content-type': 'audio/mpeg', 'set-cookie': ['a', 'b'] },
  body: Buffer.from([0, 255, 10, 128]),
  answered: { endpoint: '/v1/x', modelAsked: 'm', provider: 'openai', modelUsed: null, stream: false },
};

const SECRETS = new Secrets([new RingKey(Buffer.alloc(32, 1))]);

let database: SqlDatabase;
let answers: KeptAnswerRepository;
let clock: TestClock;
let kept: KeptAnswers;

beforeEach(async () => {
  database = openInMemory();
  clock = new TestClock();
  answers = await keptAnswerRepository.useFactory(database);
  const config = readConfig({ AI_GATEWAY_IDEMPOTENCY_TTL_MS: String(TTL_MS) });
  kept = new KeptAnswers(answers, SECRETS, config, clock);
});
afterEach(() => database.close());

describe('KeptAnswers', () => {
  it('gives an answer back byte by byte, until its time is over', async () => {
    await expect(kept.claim(HOLDER)).resolves.toBe(true);
    await expect(kept.find('key-1')).resolves.toEqual({
      state: 'running',
      callId: 'call-1',
      fingerprint: 'f-1',
      answer: null,
    });
    clock.advance(1000);
    await expect(kept.keep(HOLDER, ANSWER)).resolves.toBe(true);
    clock.advance(TTL_MS - 1);

    await expect(kept.claim(SECOND)).resolves.toBe(false);
    await expect(kept.find('key-1')).resolves.toEqual({
      state: 'kept',
      callId: 'call-1',
      fingerprint: 'f-1',
      answer: ANSWER,
    });
    clock.advance(1);
    await expect(kept.find('key-1')).resolves.toBeNull();
    await expect(kept.claim(SECOND)).resolves.toBe(true);
  });

  it('knows of an answer that was too large', async () => {
    await kept.claim(HOLDER);
    await kept.keep(HOLDER, null);

    await expect(kept.claim(SECOND)).resolves.toBe(false);
    await expect(kept.find('key-1')).resolves.toMatchObject({ state: 'too-large', answer: null });
  });

  it('frees the key of a gateway that was killed, and not of one that still works', async () => {
    await kept.claim(HOLDER);
    clock.advance(LEASE_MS);
    await expect(kept.renew(HOLDER)).resolves.toBe(true);
    clock.advance(LEASE_MS);
    await expect(kept.claim(SECOND)).resolves.toBe(false);
    clock.advance(1);

    await expect(kept.find('key-1')).resolves.toBeNull();
    await expect(kept.claim(SECOND)).resolves.toBe(true);
    await expect(kept.renew(HOLDER)).resolves.toBe(false);
    await expect(kept.keep(HOLDER, ANSWER)).resolves.toBe(false);
    await kept.release(HOLDER);
    await expect(kept.find('key-1')).resolves.toMatchObject({ callId: 'call-2', fingerprint: 'f-2' });
  });

  it.each([
    ['text', 'Grüße, 你好, "quotes"', true],
    ['nothing', '', false],
    ['control characters', '\0'.repeat(100), false],
  ])('keeps a body of %s', async (_, text, isPlain) => {
    await kept.claim(HOLDER);
    await kept.keep(HOLDER, { ...ANSWER, body: Buffer.from(text) });
    const [stored] = await answers.listSealed(1);

    expect((await kept.find('key-1'))?.answer?.body.toString()).toBe(text);
    const opened = SECRETS.decrypt(stored?.envelope ?? '', 'key-1');
    expect(opened.includes(`"body":${JSON.stringify(text)}`)).toBe(isPlain);
  });

  it('lets a new encryption key renew the stamps in a body', async () => {
    const stamped = new ProjectStamp(SECRETS, 'project').stamp('a thought');
    await kept.claim(HOLDER);
    await kept.keep(HOLDER, { ...ANSWER, body: Buffer.from(JSON.stringify({ signature: stamped })) });
    const [stored] = await answers.listSealed(1);

    expect(SECRETS.decrypt(stored?.envelope ?? '', 'key-1')).toContain(stamped);
  });

  it('stores neither request nor answer in the clear', async () => {
    await kept.claim(HOLDER);
    await kept.keep(HOLDER, { ...ANSWER, body: Buffer.from('the answer') });
    const stored = JSON.stringify(await database.sql.selectFrom('idempotent_answers').selectAll().execute());

    for (const text of ['the answer', Buffer.from('the answer').toString('base64'), 'f-1', 'audio/mpeg']) {
      expect(stored).not.toContain(text);
    }
  });
});
