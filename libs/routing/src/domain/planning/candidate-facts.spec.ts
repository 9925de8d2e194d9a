import { cost } from '@app/providers';
import { openPlanning, type TestPlanning } from '../../../../../test/support/planning.js';
import type { CandidateRequest, Choice } from './candidate-facts.js';
import type { RequestFacts } from './routing-snapshot.js';

const FACTS: RequestFacts = { inputTokens: 2000, maxOutputTokens: null, stream: true, needs: [] };
const MINI = 'openai/gpt-5-mini';

describe('CandidateFacts', () => {
  let test: TestPlanning;

  beforeEach(async () => {
    test = await openPlanning();
  });

  afterEach(() => test.close());

  const factsOf = (
    model: string,
    facts: Partial<RequestFacts> = {},
    { choice, ...rest }: Partial<CandidateRequest> & { readonly choice?: Partial<Choice> } = {},
  ) =>
    test.facts.of(
      {
        route: test.router.resolve(model),
        weight: 1,
        group: 0,
        keys: [{ id: 'key', secret: null, weight: 1 }],
        ...choice,
      },
      {
        call: { projectId: test.projectId, permission: null, receivedAt: test.clock.now() },
        facts: { ...FACTS, ...facts },
        marks: null,
        parameters: [],
        ...rest,
      },
    );
  const priceOf = (model: string) => test.prices.priceOf('openai', model, test.clock.now());

  it('are nulls for what nobody knows, never 0', () => {
    expect(factsOf('openai/a-model-that-nobody-lists', {}, { choice: { weight: 7, group: 2 } })).toEqual({
      vendor: 'openai',
      model: 'a-model-that-nobody-lists',
      group: 2,
      weight: 7,
      cost: null,
      promptRate: null,
      completionRate: null,
      requestRate: 0,
      warmTokens: 0,
      outputTokens: 256,
      lacks: [],
      refuses: [],
      tooLong: false,
      closed: null,
      down: null,
      downForMs: 0,
      open: 0,
      ttftMs: null,
      tokensPerSecond: null,
      ageMs: null,
    });
  });

  it('do not remember a model for having been asked about', () => {
    factsOf(MINI);
    expect(test.health.all()).toEqual([]);
  });

  it('expect an answer as long as usual, but no longer than the caller allows', () => {
    expect(factsOf(MINI).outputTokens).toBe(256);
    expect(factsOf(MINI, { maxOutputTokens: 100 }).outputTokens).toBe(100);
    test.health.of(MINI).produced({ tokensPerSecond: 80, outputTokens: 1000.4, size: 1 });
    expect(factsOf(MINI).outputTokens).toBe(1000);
    expect(factsOf(MINI, { maxOutputTokens: 4000 }).outputTokens).toBe(1000);
  });

  it('tell the cost of this very call', () => {
    const price = priceOf('gpt-5-mini');
    const candidate = factsOf(MINI, { maxOutputTokens: 100 });

    expect(candidate.cost).toBe(cost(price, { inputTokens: 2000, outputTokens: 100 }));
    expect(candidate.cost).toBeGreaterThan(0);
    expect(candidate).toMatchObject({
      promptRate: price?.tiers[0].input,
      completionRate: price?.tiers[0].output,
    });
  });

  it('know what is cached where the prompt went last, and what that saves', () => {
    const marks = { own: 'own', shared: null, sharedTokens: 0, tokens: 2000 };
    test.warm.note(MINI, { ...marks, tokens: 1500 });
    const warm = factsOf(MINI, {}, { marks });

    expect(warm.warmTokens).toBe(1500);
    expect(warm.cost).toBeLessThan(factsOf(MINI).cost ?? 0);
    expect(factsOf('openai/gpt-5', {}, { marks }).warmTokens).toBe(0);
  });

  it('tell what the model is known to lack of what is needed', () => {
    const needs = ['image_input', 'tools', 'document_input', 'telepathy'];

    expect(factsOf('openai/gpt-4', { needs }).lacks).toEqual(['image_input', 'document_input']);
    expect(factsOf('openai/a-model-that-nobody-lists', { needs }).lacks).toEqual([]);
    expect(factsOf('openai/gpt-4').lacks).toEqual([]);
  });

  it('tell which parameters the vendor, or the model, does not take', () => {
    const parameters = ['model', 'messages', 'stop', 'temperature', 'logit_bias'];

    expect(factsOf('xai/grok-4', {}, { parameters }).refuses).toEqual(['stop', 'logit_bias']);
    expect(factsOf(MINI, {}, { parameters }).refuses).toEqual(['temperature']);
    expect(factsOf('openai/gpt-4.1', {}, { parameters }).refuses).toEqual([]);
  });

  it('tell that a prompt is longer than the context, if that is known', () => {
    const { contextTokens = 0 } = test.router.resolve('openai/gpt-4.1').target.traits;

    expect(contextTokens).toBeGreaterThan(0);
    expect(factsOf('openai/gpt-4.1', { inputTokens: contextTokens }).tooLong).toBe(false);
    expect(factsOf('openai/gpt-4.1', { inputTokens: contextTokens + 1 }).tooLong).toBe(true);
    expect(factsOf('openai/a-model-that-nobody-lists', { inputTokens: 1e9 }).tooLong).toBe(false);
  });

  it('tell why a target is closed', () => {
    const permission = test.permissionOf({ allowedModels: ['openai/gpt-5*'] });
    const call = { projectId: test.projectId, permission, receivedAt: test.clock.now() };

    expect(factsOf(MINI, {}, { call }).closed).toBeNull();
    expect(factsOf('openai/o3', {}, { call }).closed).toBe('closed to this key');
    expect(factsOf('openai/o3', {}, { call, choice: { keys: [] } }).closed).toBe('closed to this key');
    expect(factsOf(MINI, {}, { call, choice: { keys: [] } }).closed).toBe('no key for this vendor');
    expect(factsOf(MINI, {}, { call, unfit: ({ id }) => `${id} hears less` }).closed).toBe(
      `${MINI} hears less`,
    );
    expect(factsOf(MINI, {}, { call, unfit: () => null }).closed).toBeNull();
    expect(factsOf(MINI, {}, { choice: { keys: [] } })).toMatchObject({ down: null, downForMs: 0 });
  });

  it('tell that the circuit breaker is open, and for how long', () => {
    for (let failure = 0; failure < 5; failure += 1) {
      test.health.breaker(MINI, null).tryPass()?.failed(500);
    }
    const { down, downForMs } = factsOf(MINI);

    expect(down).toBe('circuit-open');
    expect(downForMs).toBe(Math.ceil(test.health.breaker(MINI, null).opensFor()));
    test.clock.advance(downForMs);
    expect(factsOf(MINI)).toMatchObject({ down: null, downForMs: 0 });
  });

  it('tell that all keys cool down for this model, until the first of them is ready', () => {
    const keys = ['one', 'two'].map(id => ({ id, secret: null, weight: 1 }));
    const cool = (keyId: string, retryAfterMs: number) =>
      test.cooldowns.cool({ keyId, model: 'gpt-5-mini', status: 429, retryAfterMs });

    cool('one', 5000);
    expect(factsOf(MINI, {}, { choice: { keys } }).down).toBeNull();
    cool('two', 3000);
    expect(factsOf(MINI, {}, { choice: { keys } })).toMatchObject({ down: 'keys-cooling', downForMs: 3000 });
    expect(factsOf('openai/o3', {}, { choice: { keys } }).down).toBeNull();
    test.clock.advance(3000);
    expect(factsOf(MINI, {}, { choice: { keys } }).down).toBeNull();
  });

  it('tell the speed for calls of this size, in tenths, and how old it is', () => {
    const health = test.health.of(MINI);
    health.answered({ ttftMs: 123.456, size: 1 });
    health.produced({ tokensPerSecond: 77.777, outputTokens: 5, size: 1 });
    health.answered({ ttftMs: 9000, size: 5 });
    health.begin();
    test.clock.advance(250);

    expect(factsOf(MINI)).toMatchObject({ ttftMs: 123.5, tokensPerSecond: 77.8, ageMs: 250, open: 1 });
    expect(factsOf(MINI, { stream: false }).ttftMs).toBe(9000);
  });
});
