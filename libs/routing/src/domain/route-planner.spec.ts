import { StoreUnavailableError } from '@app/shared';
import { openPlanning, type TestPlanning } from '../../../../test/support/planning.js';
import { PLAIN, type PlannedCall } from './planned-call.js';
import type { RouteRequest } from './route-request.js';

const MINI = 'openai/gpt-5-mini';
const HAIKU = 'anthropic/claude-haiku-4-5';
const THEIRS = 'openrouter/deepseek/deepseek-chat';
const POLICIES = {
  fast: { targets: [{ model: HAIKU }, { model: MINI }] },
  'own:floor': { targets: [{ model: HAIKU }, { model: MINI }] },
  [MINI]: { targets: [{ model: MINI }], timeouts: { totalMs: 5000 } },
};

const ids = ({ routes }: PlannedCall) => routes.map(({ id }) => id);

const planIn = (
  from: TestPlanning,
  model: string,
  body: Readonly<Record<string, unknown>> = {},
  routing: RouteRequest['call']['routing'] = null,
) => from.planner.plan(from.requestOf(model, { body: { model, ...body } }, { routing }));

describe('RoutePlanner', () => {
  let plain: TestPlanning;
  let test: TestPlanning;

  beforeEach(async () => {
    plain = await openPlanning();
    test = await openPlanning({ policies: POLICIES });
  });

  afterEach(() => Promise.all([plain.close(), test.close()]));

  describe('for a plain model', () => {
    const PLAINLY = {
      options: PLAIN,
      decision: null,
      attempts: [],
      policy: null,
      refusal: null,
      noteAnswered: null,
      ownMembers: [],
    };

    it('decides nothing, and does so at once when it knows the project', async () => {
      const first = planIn(plain, 'gpt-5-mini');
      expect(first).toBeInstanceOf(Promise);
      expect(await first).toEqual({ ...PLAINLY, routes: [plain.router.resolve(MINI)] });
      expect(planIn(plain, 'gpt-5-mini')).toEqual(await first);
      plain.clock.advance(1000);
      expect(planIn(plain, 'gpt-5-mini')).toBeInstanceOf(Promise);
    });

    it.each([
      [true, { firstTokenMs: 700, idleMs: 700 }],
      [false, { attemptMs: 700 }],
    ])('bears no longer silence than the call does (of a stream: %s)', async (stream, times) => {
      const planFor = async (routing: RouteRequest['call']['routing']) =>
        plain.planner.plan(plain.requestOf(MINI, { stream }, { routing, silenceMs: 700 }));

      expect((await planFor(null)).options).toEqual({ ...PLAIN, ...times });
      expect((await planFor({ timeoutMs: '500' })).options).toEqual({ ...PLAIN, ...times, totalMs: 500 });
    });

    it('does not even count its input', async () => {
      let counted = 0;
      const request = plain.requestOf(MINI, { countInput: () => (counted += 1) });

      await expect(plain.planner.plan(request)).resolves.toMatchObject(PLAINLY);
      expect(counted).toBe(0);
    });

    it.each([
      ['labels', {}, { tags: 'batch', metadata: '{"tier":"free"}' }, []],
      ['nulls', { models: null, provider: null }, null, ['models', 'provider']],
      ['an empty list', { models: [] }, null, ['models']],
    ])(
      'decides nothing for %s, and keeps from the vendor what is not for it',
      async (_, body, routing, own) => {
        for (const from of [plain, test]) {
          expect(await planIn(from, 'openai/o3', body, routing)).toEqual({
            ...PLAINLY,
            routes: [from.router.resolve('openai/o3')],
            ownMembers: own,
          });
        }
      },
    );

    it.each<[string, object, RouteRequest['call']['routing'], object]>([
      [MINI, {}, { timeoutMs: '500' }, { maxAttempts: 1, totalMs: 500 }],
      [MINI, {}, { maxAttempts: '2' }, { maxAttempts: 2, totalMs: null }],
      [MINI, { models: [] }, { timeoutMs: '500', tags: 'a' }, { maxAttempts: 1, totalMs: 500 }],
      ['openai/own:floor', {}, null, { maxAttempts: 1, totalMs: null }],
      ['openai/own:nitro', {}, { timeoutMs: '500' }, { maxAttempts: 1, totalMs: 500 }],
    ])(
      'decides nothing by what chooses nothing, and obeys it: %s %j %j',
      async (model, body, routing, options) => {
        const planned = await planIn(plain, model, { ...body }, routing);

        expect(planned).toMatchObject({ decision: null, policy: null, refusal: null, options });
        expect(ids(planned)).toEqual([model.replace(/:.*/, '')]);
      },
    );

    it('goes all the same when its target is down', async () => {
      for (let call = 0; call < 5; call++) {
        plain.health.breaker(MINI, null).tryPass()?.failed(503);
      }
      expect((await planIn(plain, MINI, { provider: { only: ['openai'] } })).refusal).not.toBeNull();
      expect(await planIn(plain, MINI, {}, { timeoutMs: '500' })).toMatchObject({
        refusal: null,
        decision: null,
      });
    });

    it('decides nothing in a project whose policies have other names', async () => {
      expect(await planIn(test, 'openai/o3')).toMatchObject({ ...PLAINLY, routes: [{ id: 'openai/o3' }] });
    });
  });

  it('goes to the targets of a policy', async () => {
    const planned = await planIn(test, 'fast');

    expect(ids(planned)).toEqual([HAIKU, MINI]);
    expect(planned).toMatchObject({ policy: 'fast@1', options: { maxAttempts: 3 }, ownMembers: [] });
  });

  it('takes a policy before the model of its name, to the letter', async () => {
    expect(await planIn(test, MINI)).toMatchObject({ policy: `${MINI}@1`, options: { totalMs: 5000 } });
    expect((await planIn(test, 'gpt-5-mini')).policy).toBeNull();
    await expect(planIn(plain, 'fast')).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
  });

  it('falls back on other models and policies, each of them once', async () => {
    const planned = await planIn(test, 'openai/o3', { models: ['openai/o3', 'fast', 'gpt-5-mini'] });

    expect(ids(planned)).toEqual(['openai/o3', HAIKU, MINI]);
    expect(planned).toMatchObject({ policy: null, ownMembers: ['models'] });
  });

  it('takes out of the body what is for us', async () => {
    const body = { provider: { ignore: ['anthropic'] }, models: [] };
    const planned = await planIn(test, 'fast', body);

    expect(ids(planned)).toEqual([MINI]);
    expect(planned.ownMembers).toEqual(['models', 'provider']);
  });

  it.each([
    ['fast:floor', 'cheapest'],
    ['fast:nitro', 'throughput'],
  ])('ranks %s by the %s', async (model, ranking) => {
    const planned = await planIn(test, model);

    expect(planned.decision?.snapshot).toMatchObject({ policy: 'fast@1', ranking });
    expect(ids(planned)).toHaveLength(2);
  });

  it('knows the endings of models, too, and asks all vendors of such a model', async () => {
    const planned = await planIn(plain, 'gemini-2.5-pro:floor');

    expect(planned.decision?.snapshot).toMatchObject({ policy: null, ranking: 'cheapest' });
    expect(planned.decision?.snapshot.candidates.map(({ vendor }) => vendor)).toEqual(['google', 'vertex']);
    expect(planned.refusal).toMatchObject({ code: 'no_fitting_target' });
  });

  it('takes what the call says of sorting before the ending', async () => {
    const planned = await planIn(test, 'fast:floor', { provider: { sort: 'latency' } });
    expect(planned.decision?.snapshot.ranking).toBe('latency');
  });

  it('takes no ending off the name of a policy', async () => {
    expect((await planIn(test, 'own:floor')).decision?.snapshot).toMatchObject({
      policy: 'own:floor@1',
      ranking: 'priority',
    });
  });

  describe('for a vendor that routes itself', () => {
    const body = { provider: { order: ['DeepInfra'], quantizations: ['fp8'] }, models: 'theirs' };

    it('leaves the body and the ending to it', async () => {
      for (const model of [THEIRS, `${THEIRS}:nitro`]) {
        expect(await planIn(plain, model, body)).toMatchObject({
          routes: [{ id: model }],
          decision: null,
          ownMembers: [],
        });
      }
    });

    it('does so also when headers ask for something', async () => {
      const planned = await planIn(plain, `${THEIRS}:nitro`, body, { timeoutMs: '500', models: MINI });

      expect(ids(planned)).toEqual([`${THEIRS}:nitro`, MINI]);
      expect(planned.decision?.snapshot).toMatchObject({ ranking: 'priority', preferences: null });
      expect(planned).toMatchObject({ options: { totalMs: 500 }, ownMembers: [] });
    });
  });

  it('plans with other policies than those that are stored', async () => {
    const none = await plain.planner.planWith(new Map(), plain.requestOf('openai/o3'));
    expect(ids(none)).toEqual(['openai/o3']);
    expect(() => test.planner.planWith(new Map(), test.requestOf('fast'))).toThrow(
      expect.objectContaining({ status: 404 }),
    );
  });

  it('names the wish that it cannot read', async () => {
    await expect(planIn(test, 'fast', { provider: { sort: 1 } })).rejects.toMatchObject({
      status: 400,
      param: 'provider.sort',
    });
  });

  it('says so when the store is gone and it does not know the project', async () => {
    await test.close();
    await expect(planIn(test, MINI)).rejects.toThrow(StoreUnavailableError);
  });
});
