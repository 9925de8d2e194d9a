import { aPolicy, openPlanning, type TestPlanning } from '../../../../../test/support/planning.js';
import { PLAIN } from '../planned-call.js';
import type { RouteRequest } from '../route-request.js';
import { readWishes } from '../wishes/wishes.js';
import type { Question } from './decisions.js';
import { plan } from './plan.js';
import type { RoutingSnapshot } from './routing-snapshot.js';

const MINI = 'openai/gpt-5-mini';
const HAIKU = 'anthropic/claude-haiku-4-5';
const GROK = 'xai/grok-4';
const TARGETS = [GROK, HAIKU, MINI].map(model => ({ model }));

const NO_TIMES = { totalMs: null, attemptMs: null, firstTokenMs: null, idleMs: null };

const ids = ({ routes }: { readonly routes: readonly { readonly id: string }[] }) =>
  routes.map(({ id }) => id);

describe('Decisions', () => {
  let test: TestPlanning;

  beforeEach(async () => {
    test = await openPlanning();
  });

  afterEach(() => test.close());

  const decide = (question: Partial<Question>, fields: Partial<RouteRequest> = {}) =>
    test.decisions.of({
      request: test.requestOf('fast', fields),
      names: [{ name: 'fast', policy: aPolicy({ targets: TARGETS }) }],
      wishes: null,
      ranking: null,
      ...question,
    });
  const withPolicy = (
    definition: Parameters<typeof aPolicy>[0],
    fields?: Partial<RouteRequest>,
    question: Partial<Question> = {},
  ) =>
    decide(
      { names: [{ name: 'fast', policy: aPolicy({ targets: TARGETS, ...definition }) }], ...question },
      fields,
    );

  async function snapshotOf(...question: Parameters<typeof withPolicy>): Promise<RoutingSnapshot> {
    const { decision } = await withPolicy(...question);
    if (!decision) {
      throw new Error('There is no decision.');
    }
    return decision.snapshot;
  }

  it('record as plain JSON all that the decision depends on: it can be made again', async () => {
    const { decision } = await withPolicy({ strategy: 'weighted' });
    const recorded: typeof decision = JSON.parse(JSON.stringify(decision));

    expect(recorded).toEqual(decision);
    expect(recorded && plan(recorded.snapshot)).toEqual(decision?.plan);
    expect(recorded?.attempts).toEqual([]);
    expect(recorded?.snapshot).toMatchObject({
      v: 1,
      policy: 'fast@1',
      rule: null,
      ranking: 'weighted',
      weights: null,
      random: 0.25,
      request: { inputTokens: 10, maxOutputTokens: null, stream: false, needs: [] },
      preferences: null,
    });
  });

  it('go to the targets in the order of the plan', async () => {
    expect(ids(await withPolicy({}))).toEqual([GROK, HAIKU, MINI]);
    expect(ids(await withPolicy({ strategy: 'cheapest' }))[0]).toBe(MINI);
  });

  it('look at what the request needs and allows', async () => {
    const body = {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x.test' } }] }],
      tools: [{ type: 'function' }],
      max_tokens: 77,
    };
    const { request, candidates } = await snapshotOf({}, { body, stream: true, countInput: () => 4321 });

    expect(request).toEqual({
      inputTokens: 4321,
      maxOutputTokens: 77,
      stream: true,
      needs: ['image_input', 'tools'],
    });
    expect(candidates.map(({ outputTokens }) => outputTokens)).toEqual([77, 77, 77]);
  });

  it('rank as the call asks, else as the rule says, else as the policy does', async () => {
    const rules = [
      { when: { stream: true }, targets: [MINI, GROK], strategy: 'fastest' as const },
      { when: { minInputTokens: 5 }, targets: [MINI] },
    ];
    const policy = { rules, strategy: 'least-busy' as const };

    expect(await snapshotOf(policy, { stream: true })).toMatchObject({ rule: 0, ranking: 'fastest' });
    expect(await snapshotOf(policy)).toMatchObject({ rule: 1, ranking: 'least-busy' });
    expect(await snapshotOf(policy, { countInput: () => 1 })).toMatchObject({
      rule: null,
      ranking: 'least-busy',
    });
    expect(await snapshotOf(policy, { stream: true }, { ranking: 'latency' })).toMatchObject({
      rule: 0,
      ranking: 'latency',
    });
    expect(ids(await withPolicy(policy))).toEqual([MINI]);
  });

  it('go by the labels of header and body', async () => {
    const policy = { rules: [{ when: { metadata: { tier: 'free' }, tags: ['a'] }, targets: [MINI] }] };
    const body = { metadata: { tier: 'free' } };
    const { call } = test.requestOf('fast');

    expect((await snapshotOf(policy, { body, call: { ...call, routing: { tags: 'a' } } })).rule).toBe(0);
    expect((await snapshotOf(policy, { body })).rule).toBeNull();
    await expect(withPolicy(policy, { call: { ...call, routing: { tags: ',' } } })).rejects.toMatchObject({
      status: 400,
      param: 'x-llmhub-tags',
    });
  });

  it('read no labels where no rule asks for them', async () => {
    const { call } = test.requestOf('fast');
    await expect(withPolicy({}, { call: { ...call, routing: { tags: ',' } } })).resolves.toMatchObject({
      refusal: null,
    });
  });

  it('tell the weights only where they count', async () => {
    const weights = { price: 1, latency: 0.5, throughput: 0, load: 0 };

    expect((await snapshotOf({ strategy: 'balanced', weights })).weights).toEqual(weights);
    expect((await snapshotOf({ strategy: 'cheapest', weights })).weights).toBeNull();
  });

  it('try as often and as long as the policy says, or the call', async () => {
    const timeouts = { totalMs: 9000, attemptMs: 3000, firstTokenMs: 2000, idleMs: 1000 };
    const fallbacks = { contextWindow: ['gpt-4.1'], contentPolicy: [] };
    const policy = { timeouts, maxAttempts: 5, hedge: true, midStreamFailover: true, fallbacks };
    const { options } = await withPolicy(policy);
    const wishes = readWishes({}, { maxAttempts: '2', timeoutMs: '700' }, test.registry);

    expect(options).toMatchObject({ ...timeouts, maxAttempts: 5, hedge: true, midStreamFailover: true });
    expect(options.fallbacks.contextWindow.map(({ id }) => id)).toEqual(['openai/gpt-4.1']);
    expect((await withPolicy(policy, {}, { wishes })).options).toEqual({
      ...options,
      maxAttempts: 2,
      totalMs: 700,
    });
  });

  it('bear no longer silence than the call does, where the policy says nothing of it', async () => {
    const { call } = test.requestOf('fast');
    const asked = { call: { ...call, silenceMs: 800 } };
    const optionsOf = async (timeouts: object, stream: boolean) =>
      (await withPolicy({ timeouts: { ...NO_TIMES, ...timeouts } }, { ...asked, stream })).options;

    await expect(optionsOf({}, true)).resolves.toMatchObject({ ...NO_TIMES, firstTokenMs: 800, idleMs: 800 });
    await expect(optionsOf({}, false)).resolves.toMatchObject({ ...NO_TIMES, attemptMs: 800 });
    await expect(optionsOf({ attemptMs: 5000 }, false)).resolves.toMatchObject({ attemptMs: 5000 });
    await expect(optionsOf({ firstTokenMs: 90, idleMs: 70 }, true)).resolves.toMatchObject({
      firstTokenMs: 90,
      idleMs: 70,
    });
  });

  it('try three times without a policy', async () => {
    const names = [MINI, HAIKU].map(name => ({ name, policy: undefined }));
    const { options, policy, decision, routes } = await decide({ names });

    expect(options).toEqual({ ...PLAIN, maxAttempts: 3 });
    expect(policy).toBeNull();
    expect(decision?.snapshot).toMatchObject({ policy: null, rule: null, ranking: 'priority' });
    expect(ids({ routes })).toEqual([MINI, HAIKU]);
    const wishes = readWishes({}, { maxAttempts: '1', timeoutMs: '500' }, test.registry);
    expect((await decide({ names, wishes })).options).toEqual({ ...PLAIN, totalMs: 500 });
  });

  it('keep the order of the models asked for, whatever the ranking', async () => {
    const policy = aPolicy({ targets: [{ model: HAIKU }, { model: 'openai/gpt-5-nano' }] });
    const names = [
      { name: GROK, policy: undefined },
      { name: 'fast', policy },
    ];
    const planned = await decide({ names, ranking: 'cheapest' });
    const first = planned.decision?.snapshot.candidates.filter(({ group }) => group === 0).length ?? 0;

    expect(ids(planned).slice(0, first)).toContain(GROK);
    expect(ids(planned).slice(first)).toEqual(['openai/gpt-5-nano', HAIKU]);
  });

  it('ask for parameters only when they are required, and never for a null', async () => {
    const body = { model: 'fast', stop: ['x'], logit_bias: null, temperature: 1 };
    const wishes = readWishes({ provider: { require_parameters: true } }, null, test.registry);
    const planned = await withPolicy({}, { body }, { wishes });

    expect(planned.decision?.snapshot.candidates.map(({ refuses }) => refuses)).toEqual([
      ['stop'],
      [],
      ['temperature'],
    ]);
    expect(ids(planned)).toEqual([HAIKU]);
    expect(ids(await withPolicy({}, { body }))).toEqual([GROK, HAIKU, MINI]);
    expect(ids(await withPolicy({}, { body: { stop: null, temperature: null } }, { wishes }))).toEqual([
      GROK,
      HAIKU,
      MINI,
    ]);
  });

  it('go where the same prompt was answered last, when that matters', async () => {
    const long = { countInput: () => 5000 };
    const first = await withPolicy({ strategy: 'sticky' }, long);
    const last = first.routes.at(-1)?.id ?? '';
    first.noteAnswered?.(last);

    expect(ids(await withPolicy({ strategy: 'sticky' }, long))[0]).toBe(last);
    expect((await withPolicy({ strategy: 'priority' }, long)).noteAnswered).toBeNull();
    expect((await withPolicy({ strategy: 'sticky' })).noteAnswered).toBeNull();
  });

  it('come with a refusal when nobody can be asked', async () => {
    const body = { model: 'fast', messages: [], tools: [] };
    const wishes = readWishes({ provider: { only: ['mistral'] } }, null, test.registry);
    const planned = await withPolicy({}, { body }, { wishes });

    expect(planned).toMatchObject({ routes: [], refusal: { status: 400, code: 'no_fitting_target' } });
    expect(planned.decision?.plan.order).toEqual([]);
  });
});
