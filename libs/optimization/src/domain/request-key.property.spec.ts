import type { GenerationRequest } from '@app/dialects';
import { createLogger, GatewayError, readConfig, RingKey, Secrets } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { fc } from '../../../../test/support/properties.js';
import { recordings } from '../../../../test/support/recordings.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { Losses } from '../../../dialects/src/domain/losses.js';
import { requests } from '../../../dialects/src/fixtures/requests.js';
import { seal, type Side, SIDES } from '../../../dialects/src/fixtures/sides.js';
import { cachedAnswerRepository } from '../answer-storage.module.js';
import { changes, withOneChange } from '../fixtures/one-change.js';
import { type Question, QUESTIONS } from '../fixtures/questions.js';
import { meaningOf } from '../fixtures/same-meaning.js';
import { AnswerCache } from './answer-cache.service.js';
import { AnswerStore } from './answer-store.js';
import type { CachedAnswer } from './cached-answer.entity.js';
import { isPlain } from './plain/is-plain.js';
import { type KeyParts, requestKey, taskKey } from './request-key.js';
import { questionOf } from './semantic/question.js';

type Body = Readonly<Record<string, unknown>>;

const SECRET = Buffer.alloc(32, 1);
/** Of each body. In the gate that is 24,000 changes, in `npm run properties` 400,000, and as many requests of two projects. */
const CHANGES = 20;
const RUNS = fc.readConfigureGlobal().numRuns ?? 0;
const someChanges = fc.array(changes, { minLength: CHANGES, maxLength: CHANGES });
const PATHS: Readonly<Record<string, RegExp>> = {
  'openai-chat': /\/chat\/completions$/,
  'openai-responses': /\/responses$/,
  'anthropic-messages': /\/messages$/,
  gemini: /enerateContent$/,
};

function recorded({ name }: Side): Body[] {
  return recordings(name)
    .flatMap(([, calls]) => calls)
    .filter(({ url }) => PATHS[name]?.test(new URL(url).pathname))
    .map(({ request }) => (typeof request === 'string' ? (JSON.parse(request) as Body) : (request as Body)));
}

/** Recorded bodies, plain ones, and those that our own writers make, with all that two dialects can say. */
function bodiesOf(side: Side): fc.Arbitrary<Body> {
  const made = requests.map(
    request => side.vendor.writeRequest(request, side.target, new Losses()) as unknown as Body,
  );
  const plain = QUESTIONS.flatMap(({ bodies }) => bodies[side.name] ?? []);
  const samples = [recorded(side), plain].filter(list => list.length > 0);
  return (
    fc
      .oneof(made, ...samples.map(list => fc.constantFrom(...list)))
      // As text, for what a writer leaves undefined is not there on the wire.
      .map(body => JSON.parse(JSON.stringify({ ...(body as Body), model: 'some-model' })) as Body)
  );
}

type Head = Omit<KeyParts, 'projectId' | 'request' | 'body'>;

/** What is asked besides the body. */
const heads: fc.Arbitrary<Head> = fc.record({
  keyId: fc.option(fc.string()),
  namespace: fc.string(),
  target: fc.string(),
  strict: fc.boolean(),
  headers: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
  routing: fc.jsonValue({ maxDepth: 2 }),
});

const ANSWER: Omit<CachedAnswer, 'key' | 'projectId' | 'keptAt' | 'expiresAt'> = {
  namespace: '',
  vendor: 'openai',
  model: 'some-model',
  dialect: 'openai-chat',
  contentType: 'application/json',
  body: Buffer.from('{}'),
  pieces: [2],
  callId: 'call-1',
  inputTokens: 1,
  outputTokens: 1,
  costNanoUsd: 1,
  simulated: true,
};

/** In memory alone. */
async function aCache(): Promise<AnswerCache> {
  const clock = new TestClock();
  const secrets = new Secrets([new RingKey(SECRET)]);
  const answers = await cachedAnswerRepository.useFactory(openInMemory());
  const store = new AnswerStore(answers, secrets, clock, createLogger('silent'));
  return new AnswerCache(clock, secrets, readConfig({}), store);
}

function readBy({ client }: Side, body: Body): GenerationRequest {
  return client.readRequest({ model: 'some-model', ...body }, seal);
}

/** Null when the body is refused. */
function keyOf(side: Side, body: Body, projectId = 'project-1'): string | null {
  const parts = partsOf(side, body, projectId);
  return parts && requestKey(SECRET, parts);
}

/** Null when others cannot ask the same in other words. */
function roomOf(side: Side, body: Body, projectId = 'project-1'): string | null {
  const parts = partsOf(side, body, projectId);
  return (parts && questionOf(SECRET, parts, 'key', [])?.room) ?? null;
}

function partsOf(side: Side, body: Body, projectId: string): KeyParts | null {
  const head = { keyId: null, namespace: '', target: 't', strict: false, headers: {}, routing: null };
  try {
    return { ...head, projectId, request: readBy(side, body), body };
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    return null;
  }
}

describe.each(SIDES.map(side => ({ name: side.name, side })))('the key of a request in $name', ({ side }) => {
  const isKeptUnasked = side.name === 'openai-responses';

  it('is another one with any one change that may mean something', () => {
    const tally = { plain: 0, compared: 0, all: 0 };
    fc.assert(
      fc.property(bodiesOf(side), someChanges, (body, all) => {
        const [key, meaning] = [keyOf(side, body), meaningOf(body, isKeptUnasked)];
        tally.all += CHANGES;
        tally.plain += isPlain(side.client.id, body) ? CHANGES : 0;
        for (const change of all) {
          const changed = withOneChange(body, change) as Body;
          if (key !== null && meaningOf(changed, isKeptUnasked) !== meaning) {
            tally.compared += 1;
            expect({ changed, is: keyOf(side, changed) }).not.toEqual({ changed, is: key });
          }
        }
      }),
    );
    expect(tally.compared).toBeGreaterThan(tally.all * 0.7);
    expect(tally.plain).toBeGreaterThan(tally.all * 0.2);
  });

  it('is never that of another project, which is given nothing by either', async () => {
    const cache = await aCache();
    const tally = { asked: 0, own: 0, across: 0 };
    await fc.assert(
      fc.asyncProperty(bodiesOf(side), someChanges, async (body, all) => {
        for (const each of [body, ...all.map(change => withOneChange(body, change) as Body)]) {
          const [ours, theirs] = [keyOf(side, each, 'ours'), keyOf(side, each, 'theirs')];
          if (ours === null || theirs === null) {
            expect(ours).toBe(theirs);
            continue;
          }
          cache.keep({ ...ANSWER, projectId: 'ours', key: ours }, 1000, cache.begin());
          tally.asked += 1;
          tally.own += (await cache.find('ours', ours, Infinity)) ? 1 : 0;
          for (const key of [ours, theirs]) {
            tally.across += (await cache.find('theirs', key, Infinity)) ? 1 : 0;
          }
        }
      }),
    );

    expect(tally.asked).toBeGreaterThan(RUNS * CHANGES * 0.7);
    expect(tally).toEqual({ asked: tally.asked, own: tally.asked, across: 0 });
  });
});

describe('the key of a request', () => {
  it('is another one with any one change of what is asked besides', () => {
    const [body] = SIDES.flatMap(({ name }) => QUESTIONS[0]?.bodies[name] ?? []);
    const request = readBy(SIDES[0] as Side, body as Body);
    const asked = { projectId: 'project-1', request, body: {} };
    const keyWith = (head: Head): string => requestKey(SECRET, { ...head, ...asked });
    fc.assert(
      fc.property(heads, someChanges, (head, all) => {
        const [key, said] = [keyWith(head), JSON.stringify(head)];
        for (const change of all) {
          const changed = withOneChange(head, change) as Head;
          if (JSON.stringify(changed) !== said) {
            expect({ changed, is: keyWith(changed) }).not.toEqual({ changed, is: key });
          }
        }
      }),
    );
  });
});

const TASKS: readonly Body[] = [
  { model: 'm', input: ['one', 'two'], dimensions: 256, encoding_format: 'base64', user: 'u' },
  { model: 'm', input: [[1, 2, 3]], input_type: 'query' },
  { model: 'm', input: [{ type: 'text', text: 'one' }] },
  { model: 'm', query: 'one', documents: ['two', { text: 'three' }], top_n: 1, return_documents: true },
  { content: { parts: [{ text: 'one' }] }, taskType: 'CLUSTERING' },
];

describe('the key of a task', () => {
  it('is another one with any one change, and in another project', () => {
    const endpoint = fc.constantFrom('/v1/embeddings', '/v1/moderations', '/v1/rerank');
    fc.assert(
      fc.property(fc.constantFrom(...TASKS), heads, endpoint, someChanges, (body, head, at, all) => {
        const keyWith = (changed: object, projectId = 'ours'): string =>
          taskKey(SECRET, { ...head, projectId, endpoint: at, body: changed as Body });
        const { model: _, ...said } = body;
        const [key, unchanged] = [keyWith(said), JSON.stringify(said)];
        expect(keyWith(said, 'theirs')).not.toBe(key);
        for (const change of all) {
          const changed = withOneChange(said, change);
          if (JSON.stringify(changed) !== unchanged) {
            expect({ changed, is: keyWith(changed) }).not.toEqual({ changed, is: key });
          }
        }
      }),
    );
  });

  it('is never that of a chat', () => {
    const [body, head] = [{ input: 'x' }, { keyId: null, namespace: '', target: 't', strict: false }];
    const asked = { ...head, projectId: 'p', headers: {}, routing: null, body };
    const request = readBy(SIDES[1] as Side, body);

    expect(taskKey(SECRET, { ...asked, endpoint: '/v1/embeddings' })).not.toBe(
      requestKey(SECRET, { ...asked, request }),
    );
  });
});

describe.each(SIDES.map(side => ({ name: side.name, side })))(
  'the room of a question in $name',
  ({ side }) => {
    it('has one request by each of its last texts: any other change leads to another room, or to none', () => {
      let compared = 0;
      fc.assert(
        fc.property(bodiesOf(side), someChanges, (body, all) => {
          const room = roomOf(side, body);
          for (const changed of all.map(change => withOneChange(body, change) as Body)) {
            if (room !== null && roomOf(side, changed) === room) {
              compared += 1;
              const asked = lastTextOf(side, body);
              const isSaidOtherwise = keyOf(side, changed) === keyOf(side, body);
              expect({ changed, is: isSaidOtherwise || lastTextOf(side, changed) !== asked }).toMatchObject({
                is: true,
              });
            }
          }
        }),
      );
      expect(compared).toBeGreaterThan(10);
    });

    it('is never that of another project, and no key', () => {
      fc.assert(
        fc.property(bodiesOf(side), body => {
          const rooms = ['project-0', 'project-1'].map(project => roomOf(side, body, project));
          expect(rooms[0] === null || rooms[0] !== rooms[1]).toBe(true);
          expect(rooms).not.toContain(keyOf(side, body) ?? 'none');
        }),
      );
    });
  },
);

function lastTextOf(side: Side, body: Body): string | null {
  const parts = partsOf(side, body, 'project-1');
  return (parts && questionOf(SECRET, parts, 'key', [])?.text) ?? null;
}

describe('a question that is asked in several dialects', () => {
  it.each(QUESTIONS.map(question => [question.what, question] as const))(
    'has one key: %s',
    (_, { bodies }) => {
      const keys = keysOf(bodies);

      expect(keys.length).toBeGreaterThan(1);
      expect(new Set(keys).size).toBe(1);
    },
  );

  it('is another one with a field that only its own dialect knows', () => {
    const keys = QUESTIONS.flatMap(({ bodies }) =>
      Object.entries(bodies).flatMap(([name, body]) => keysOf({ [name]: { ...body, unheard_of: 1 } })),
    );

    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).not.toContain(null);
  });
});

function keysOf(bodies: Question['bodies']): (string | null)[] {
  return SIDES.flatMap(side => {
    const body = bodies[side.name];
    return body ? [keyOf(side, body)] : [];
  });
}
