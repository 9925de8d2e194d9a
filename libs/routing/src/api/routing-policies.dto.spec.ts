import type { Type } from '@nestjs/common';
import { InvalidRequestError, validationPipe } from '@app/shared';
import { CreateRoutingPolicy, UpdateRoutingPolicy } from './routing-policies.dto.js';

const TARGETS = [{ model: 'openai/gpt-5' }];
const SOUND = { name: 'fast', targets: TARGETS };

describe('the body of a routing policy', () => {
  it('fills the gaps in its lists, and no others: a change must tell what it leaves out', async () => {
    const body = {
      ...SOUND,
      rules: [{ when: { metadata: { tier: 'free' } }, targets: ['openai/gpt-5'] }],
      weights: { price: 0.5 },
      timeouts: { totalMs: 1000 },
    };

    expect(await check(CreateRoutingPolicy, body)).toEqual({
      name: 'fast',
      targets: [{ model: 'openai/gpt-5', weight: 1 }],
      rules: [
        {
          when: {
            metadata: { tier: 'free' },
            tags: null,
            minInputTokens: null,
            maxInputTokens: null,
            modalities: null,
            tools: null,
            stream: null,
          },
          targets: ['openai/gpt-5'],
          strategy: null,
        },
      ],
      weights: { price: 0.5 },
      timeouts: { totalMs: 1000 },
    });
    expect(await check(UpdateRoutingPolicy, { hedge: true })).toEqual({ hedge: true });
    expect(await check(UpdateRoutingPolicy, { fallbacks: {}, timeouts: { idleMs: null } })).toEqual({
      fallbacks: {},
      timeouts: { idleMs: null },
    });
  });

  it.each([
    ['targets', { targets: [] }],
    ['targets', { targets: 'openai/gpt-5' }],
    ['targets', { targets: { model: 'openai/gpt-5' } }],
    ['targets', { targets: ['openai/gpt-5'] }],
    ['targets', { targets: [null] }],
    ['targets', { targets: [TARGETS] }],
    ['targets', { targets: Array.from({ length: 21 }, (_, index) => ({ model: `openai/${index}` })) }],
    ['targets.0.model', { targets: [{}] }],
    ['targets.0.model', { targets: [{ model: 'two words' }] }],
    ['targets.0.model', { targets: [{ model: 'x'.repeat(192) }] }],
    ['targets.0.weight', { targets: [{ model: 'openai/gpt-5', weight: 0 }] }],
    ['targets.0.weight', { targets: [{ model: 'openai/gpt-5', weight: 1001 }] }],
    ['targets.0.weight', { targets: [{ model: 'openai/gpt-5', weight: null }] }],
    ['targets.0.price', { targets: [{ model: 'openai/gpt-5', price: 1 }] }],
    ['strategy', { strategy: 'luckiest' }],
    ['rules', { rules: [7] }],
    ['rules.0.when', { rules: [{ targets: ['a'] }] }],
    ['rules.0.when', { rules: [{ when: [], targets: ['a'] }] }],
    ['rules.0.when.model', { rules: [{ when: { model: 'a' }, targets: ['a'] }] }],
    ['rules.0.when.metadata', { rules: [{ when: { metadata: { a: null } }, targets: ['a'] }] }],
    ['rules.0.when.metadata', { rules: [{ when: { metadata: { a: 2 ** 53 } }, targets: ['a'] }] }],
    ['rules.0.targets', { rules: [{ when: { tools: true }, strategy: 'cheapest' }] }],
    ['rules.0.targets', { rules: [{ when: { tools: true }, targets: null }] }],
    ['rules.0.when.metadata', { rules: [{ when: { metadata: [] }, targets: ['a'] }] }],
    ['rules.0.when.metadata', { rules: [{ when: { metadata: {} }, targets: ['a'] }] }],
    ['rules.0.when.tags', { rules: [{ when: { tags: [''] }, targets: ['a'] }] }],
    ['rules.0.when.minInputTokens', { rules: [{ when: { minInputTokens: -1 }, targets: ['a'] }] }],
    ['rules.0.when.modalities', { rules: [{ when: { modalities: ['smell'] }, targets: ['a'] }] }],
    ['rules.0.when.tools', { rules: [{ when: { tools: 'yes' }, targets: ['a'] }] }],
    ['rules.0.targets', { rules: [{ when: { tools: true }, targets: [] }] }],
    ['rules.0.targets', { rules: [{ when: { tools: true }, targets: ['a', 'a'] }] }],
    ['rules.0.strategy', { rules: [{ when: { tools: true }, targets: ['a'], strategy: 'luckiest' }] }],
    ['weights', { weights: [] }],
    ['weights', { weights: 'price' }],
    ['weights.price', { weights: { price: 1.1 } }],
    ['weights.luck', { weights: { luck: 1 } }],
    ['fallbacks.contextWindow', { fallbacks: { contextWindow: ['1', '2', '3', '4', '5', '6'] } }],
    ['fallbacks.contextWindow', { fallbacks: { contextWindow: ['openai/gpt 5'] } }],
    ['fallbacks.error', { fallbacks: { error: ['openai/gpt-5'] } }],
    ['maxAttempts', { maxAttempts: 0 }],
    ['maxAttempts', { maxAttempts: 11 }],
    ['timeouts', { timeouts: 1000 }],
    ['timeouts.totalMs', { timeouts: { totalMs: 99 } }],
    ['timeouts.idleMs', { timeouts: { idleMs: 3_600_001 } }],
    ['hedge', { hedge: 1 }],
    ['midStreamFailover', { midStreamFailover: 'true' }],
    ['id', { id: '01936f5a-7c1e-7a1b-8f00-0123456789ab' }],
  ])('is refused with the name of what is wrong: %s in %j', async (param, wrong) => {
    const error = await errorOf(CreateRoutingPolicy, { ...SOUND, ...wrong });

    expect(error).toMatchObject({ status: 400, param, message: expect.stringContaining(param) });
    expect(await errorOf(UpdateRoutingPolicy, wrong)).toMatchObject({ param });
  });

  it.each([
    ['strategy', { strategy: null }],
    ['rules', { rules: null }],
    ['weights', { weights: null }],
    ['weights.price', { weights: { price: null } }],
    ['fallbacks', { fallbacks: null }],
    ['fallbacks.contextWindow', { fallbacks: { contextWindow: null } }],
    ['maxAttempts', { maxAttempts: null }],
    ['timeouts', { timeouts: null }],
    ['hedge', { hedge: null }],
    ['midStreamFailover', { midStreamFailover: null }],
  ])('may take away in a change what a new one leaves out: %s in %j', async (param, removal) => {
    expect(await errorOf(CreateRoutingPolicy, { ...SOUND, ...removal })).toMatchObject({ param });
    expect(await check(UpdateRoutingPolicy, removal)).toEqual(removal);
  });

  it('takes any names in the metadata of a rule, as callers may send them', async () => {
    const metadata: unknown = JSON.parse('{"constructor": "a", "__proto__": "b", "toString": 7}');
    const rules = [{ when: { metadata }, targets: ['openai/gpt-5'] }];

    for (const type of [CreateRoutingPolicy, UpdateRoutingPolicy]) {
      const body = (await check(type, {
        ...(type === CreateRoutingPolicy && SOUND),
        rules,
      })) as typeof SOUND & {
        rules: typeof rules;
      };
      expect(Object.entries(body.rules[0]?.when.metadata ?? {})).toEqual([
        ['constructor', 'a'],
        ['__proto__', 'b'],
        ['toString', 7],
      ]);
    }
    expect(({} as Record<string, unknown>)['tier']).toBeUndefined();
    const wrong: unknown = JSON.parse('{"__proto__": {"tier": "free"}}');
    expect(
      await errorOf(UpdateRoutingPolicy, { rules: [{ when: { metadata: wrong }, targets: ['a'] }] }),
    ).toMatchObject({ param: 'rules.0.when.metadata' });
    expect(
      await errorOf(UpdateRoutingPolicy, {
        rules: [{ when: JSON.parse('{"__proto__": {}}'), targets: ['a'] }],
      }),
    ).toMatchObject({ param: 'rules.0.when.__proto__' });
  });

  it('needs a name and targets, and keeps the name', async () => {
    expect(await errorOf(CreateRoutingPolicy, { targets: TARGETS })).toMatchObject({ param: 'name' });
    expect(await errorOf(CreateRoutingPolicy, { name: 'fast' })).toMatchObject({ param: 'targets' });
    expect(await errorOf(CreateRoutingPolicy, { ...SOUND, name: 'très vite' })).toMatchObject({
      param: 'name',
    });
    for (const name of ['slow', null]) {
      expect(await errorOf(UpdateRoutingPolicy, { name })).toMatchObject({
        param: 'name',
        message: 'Correct the request: name stays for as long as the policy: leave it out.',
      });
    }
    expect(await check(CreateRoutingPolicy, { ...SOUND, name: 'openai/gpt-5' })).toMatchObject({
      name: 'openai/gpt-5',
    });
  });
});

async function check(metatype: Type, value: unknown): Promise<unknown> {
  const body: unknown = await validationPipe().transform(value, { type: 'body', metatype });
  return JSON.parse(JSON.stringify(body));
}

async function errorOf(metatype: Type, value: unknown): Promise<InvalidRequestError> {
  const thrown: unknown = await check(metatype, value).then(
    () => new Error('accepted'),
    (error: unknown) => error,
  );
  if (thrown instanceof InvalidRequestError) {
    return thrown;
  }
  throw thrown;
}
