import { GatewayError } from '@app/shared';
import { fc } from '../../../../test/support/properties.js';
import { recordings } from '../../../../test/support/recordings.js';
import { Losses } from '../../../dialects/src/domain/losses.js';
import { requests } from '../../../dialects/src/fixtures/requests.js';
import { seal, type Side, SIDES } from '../../../dialects/src/fixtures/sides.js';
import { changes, withOneChange } from '../fixtures/one-change.js';
import { type Question, QUESTIONS } from '../fixtures/questions.js';
import { meaningOf } from '../fixtures/same-meaning.js';
import { isPlain } from './plain/is-plain.js';
import { type KeyParts, requestKey } from './request-key.js';
import { questionOf } from './semantic/question.js';

type Body = Readonly<Record<string, unknown>>;

const SECRET = Buffer.alloc(32, 1);
/** Of each body. In the gate that is 24,000 changes, in `npm run properties` 400,000. */
const CHANGES = 20;
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
    const request = side.client.readRequest({ model: 'some-model', ...body }, seal);
    return { ...head, projectId, request, body };
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

  it('is never that of another project', () => {
    const keys = [new Set<string>(), new Set<string>()] as const;
    fc.assert(
      fc.property(bodiesOf(side), someChanges, (body, all) => {
        for (const each of [body, ...all.map(change => withOneChange(body, change) as Body)]) {
          keys.forEach((known, project) => {
            const key = keyOf(side, each, `project-${project}`);
            return key !== null && known.add(key);
          });
        }
      }),
    );

    expect(keys[0].size).toBeGreaterThan(10);
    expect(keys[0].size).toBe(keys[1].size);
    expect([...keys[0]].filter(key => keys[1].has(key))).toEqual([]);
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
