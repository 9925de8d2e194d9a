import { aPolicy, openPlanning, type TestPlanning } from '../../../../../test/support/planning.js';
import { readPreferences } from '../wishes/preferences.js';
import { NoFittingTargetError, refusalOf } from './plan-refusal.js';

const MINI = 'openai/gpt-5-mini';
const HAIKU = 'anthropic/claude-haiku-4-5';
const MISTRAL = 'mistral/mistral-small-latest';

type Permission = ReturnType<TestPlanning['permissionOf']>;

describe('the refusal of a plan', () => {
  let test: TestPlanning;

  beforeEach(async () => {
    test = await openPlanning();
  });

  afterEach(() => test.close());

  async function refuse(models: readonly string[], permission: Permission = null, provider: unknown = null) {
    const asked = readPreferences(provider, false, test.registry);
    const { decision, refusal } = await test.decisions.of({
      request: test.requestOf('fast', {}, { permission }),
      names: [{ name: 'fast', policy: aPolicy({ targets: models.map(model => ({ model })) }) }],
      wishes: asked && { ...asked, models: [], maxAttempts: null, timeoutMs: null },
      ranking: null,
    });
    if (!decision) {
      throw new Error('There is no decision.');
    }
    expect(refusalOf('fast', { permission }, decision)).toEqual(refusal);
    return refusal;
  }

  function breakDown(target: string): void {
    for (let failure = 0; failure < 5; failure += 1) {
      test.health.breaker(target, null).tryPass()?.failed(500);
    }
  }

  const cool = (vendor: string, model: string, retryAfterMs: number) =>
    test.cooldowns.cool({ keyId: `gateway:${vendor}`, model, status: 429, retryAfterMs });

  it('is null when somebody can be asked', async () => {
    await expect(refuse([MINI, MISTRAL])).resolves.toBeNull();
    breakDown(MINI);
    await expect(refuse([MINI, HAIKU])).resolves.toBeNull();
  });

  it('says of each target why it does not fit', async () => {
    const refusal = await refuse([MINI, MISTRAL, HAIKU], null, { only: ['mistral', 'xai'] });

    expect(refusal).toBeInstanceOf(NoFittingTargetError);
    expect(refusal).toMatchObject({ status: 400, code: 'no_fitting_target', param: 'model' });
    expect(refusal?.message).toBe(
      `No target of 'fast' fits this request. ${MINI}: not in provider.only; ${MISTRAL}: no key for this vendor; ` +
        `${HAIKU}: not in provider.only.`,
    );
  });

  it('shows no more than the beginning of a long name', async () => {
    const { decision } = await test.decisions.of({
      request: test.requestOf('fast'),
      names: [{ name: 'fast', policy: aPolicy({ targets: [{ model: MISTRAL }] }) }],
      wishes: null,
      ranking: null,
    });

    expect(decision && refusalOf('x'.repeat(1000), { permission: null }, decision)?.message).toContain(
      `'${'x'.repeat(200)}'`,
    );
  });

  it('asks to come again when the first of those that are down takes calls', async () => {
    breakDown(MINI);
    cool('anthropic', 'claude-haiku-4-5', 1500);
    const refusal = await refuse([MINI, HAIKU, MISTRAL]);

    expect(test.health.breaker(MINI, null).opensFor()).toBeGreaterThan(1500);
    expect(refusal).toMatchObject({ status: 503, code: 'no_target_left', retryAfterMs: 1500 });
    expect(refusal?.message).toContain("'fast': none of its targets takes calls now");
  });

  it('is 429 when nothing but limits is in the way, as it was for the call that met them', async () => {
    cool('openai', 'gpt-5-mini', 4000);
    cool('anthropic', 'claude-haiku-4-5', 1500);

    await expect(refuse([MINI, HAIKU, MISTRAL])).resolves.toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
      retryAfterMs: 1500,
    });
  });

  it.each([401, 402, 403])('is 503 when a key was refused with %d', async status => {
    cool('openai', 'gpt-5-mini', 4000);
    test.cooldowns.cool({ keyId: 'gateway:anthropic', model: 'claude-haiku-4-5', status });

    await expect(refuse([MINI, HAIKU])).resolves.toMatchObject({ status: 503, code: 'no_target_left' });
  });

  it('does not ask to come again for a target that would not fit then either', async () => {
    breakDown(MINI);
    await expect(refuse([MINI, MISTRAL], null, { ignore: ['openai'] })).resolves.toMatchObject({
      status: 400,
      message: expect.stringContaining(`${MINI}: in provider.ignore`),
    });
  });

  it('is that of the scope when the key may use no target', async () => {
    const permission = test.permissionOf({ allowedModels: ['xai/*'] });
    const refusal = await refuse([MINI, HAIKU], permission);

    expect(refusal).toMatchObject({ status: 403, code: 'outside_scope' });
    expect(refusal?.message).toContain(MINI);
  });

  it('asks to come again when what is open to the key is down', async () => {
    breakDown(HAIKU);
    const permission = test.permissionOf({ allowedVendors: ['anthropic'] });

    await expect(refuse([MINI, HAIKU], permission)).resolves.toMatchObject({ status: 503 });
  });
});
