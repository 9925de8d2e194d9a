import { StoreUnavailableError } from '@app/shared';
import { aPolicy, openPlanning, type TestPlanning } from '../../../../../test/support/planning.js';
import type { AskedName } from './choices.js';

const MINI = 'openai/gpt-5-mini';
const HAIKU = 'anthropic/claude-haiku-4-5';
const GROK = 'xai/grok-4';
const FAST = aPolicy({
  targets: [
    { model: MINI, weight: 3 },
    { model: HAIKU, weight: 1 },
    { model: 'grok-4', weight: 2 },
  ],
  rules: [{ when: { stream: true }, targets: ['grok-4', MINI] }],
});

type Scope = ReturnType<TestPlanning['permissionOf']>;

const named = (name: string, fields: Partial<AskedName> = {}): AskedName => ({
  name,
  policy: undefined,
  rule: null,
  ...fields,
});

describe('Choices', () => {
  let test: TestPlanning;

  beforeEach(async () => {
    test = await openPlanning({ keys: ['google', 'anthropic'] });
  });

  afterEach(() => test.close());

  async function choicesOf(asked: readonly AskedName[], anyVendor = false, permission: Scope = null) {
    const call = { projectId: test.projectId, permission };
    return test.choices.of(call, asked, { spoken: undefined, anyVendor, asOne: false });
  }

  const short = (choices: Awaited<ReturnType<typeof choicesOf>>) =>
    choices.map(({ route, weight, group }) => [route.id, weight, group]);

  it('are the model alone, when it stands for itself', async () => {
    expect(short(await choicesOf([named('gpt-5-mini')]))).toEqual([[MINI, 1, 0]]);
  });

  it('are the targets of a policy with their weights', async () => {
    expect(short(await choicesOf([named('fast', { policy: FAST })]))).toEqual([
      [MINI, 3, 0],
      [HAIKU, 1, 0],
      [GROK, 2, 0],
    ]);
  });

  it('are the targets of the rule in its order, with the weights of the policy', async () => {
    expect(short(await choicesOf([named('fast', { policy: FAST, rule: 0 })]))).toEqual([
      [GROK, 2, 0],
      [MINI, 3, 0],
    ]);
  });

  it('are those of all names, each in its group, and none of them twice', async () => {
    const asked = [named(HAIKU), named('fast', { policy: FAST }), named('claude-haiku-4-5'), named('o3')];
    expect(short(await choicesOf(asked))).toEqual([
      [HAIKU, 1, 0],
      [MINI, 3, 1],
      [GROK, 2, 1],
      ['openai/o3', 1, 3],
    ]);
  });

  it('are also the other vendors that sell the very same model, when any will do', async () => {
    expect(short(await choicesOf([named('gemini-2.5-pro')], true))).toEqual([
      ['google/gemini-2.5-pro', 1, 0],
      ['vertex/gemini-2.5-pro', 1, 0],
    ]);
    expect(short(await choicesOf([named('openai/a-model-that-nobody-lists')], true))).toHaveLength(1);
  });

  it('are no vendors that have a price for it, but do not serve it', async () => {
    const others = short(await choicesOf([named('claude-sonnet-4-5')], true));
    expect(others.map(([id]) => id)).toEqual(['anthropic/claude-sonnet-4-5', 'vertex/claude-sonnet-4-5']);
  });

  it('come with the keys of the project, else with those of the gateway, else with none', async () => {
    const asked = ['google/gemini-2.5-pro', HAIKU, MINI, 'mistral/mistral-small-latest'].map(name =>
      named(name),
    );
    const keys = (await choicesOf(asked)).map(choice => choice.keys);

    expect(keys.map(list => list.map(({ secret }) => secret))).toEqual([
      ['secret of google'],
      ['secret of anthropic'],
      [null],
      [],
    ]);
    expect(keys[2]).toEqual([{ id: 'gateway:openai', secret: null, weight: 1 }]);
  });

  it('refuse a model that is closed to the key, also one to fall back on', async () => {
    const permission = test.permissionOf({ allowedVendors: ['openai'] });
    const refused = expect.objectContaining({ status: 403, code: 'outside_scope' });

    await expect(choicesOf([named(HAIKU)], false, permission)).rejects.toEqual(refused);
    await expect(choicesOf([named(MINI), named(HAIKU)], false, permission)).rejects.toEqual(refused);
  });

  it('keep the closed targets of a policy: planning tells why it leaves them out', async () => {
    const permission = test.permissionOf({ allowedVendors: ['openai'] });
    await expect(choicesOf([named('fast', { policy: FAST })], false, permission)).resolves.toHaveLength(3);
  });

  it('refuse a name that nobody knows, also one to fall back on', async () => {
    const unknown = expect.objectContaining({ status: 404, code: 'model_not_found' });

    await expect(choicesOf([named('smart')])).rejects.toEqual(unknown);
    await expect(choicesOf([named(MINI), named('smart')])).rejects.toEqual(unknown);
  });

  it('say so when the store of keys is gone', async () => {
    await test.close();
    await expect(choicesOf([named(MINI)])).rejects.toThrow(StoreUnavailableError);
  });

  it('resolve the models of fallbacks in their order', () => {
    const policy = aPolicy({ fallbacks: { contextWindow: ['o3', HAIKU], contentPolicy: [] } });
    const { contextWindow, contentPolicy } = test.choices.fallbacksOf(policy, test.requestOf('fast'));
    expect([contextWindow.map(({ id }) => id), contentPolicy]).toEqual([['openai/o3', HAIKU], []]);
  });

  it('are opened by a key that names their policy, to the letter, unless a model has the name', async () => {
    const opened = async (name: string, allowedModels: string[]): Promise<unknown[]> => {
      const policy = aPolicy({ targets: [{ model: MINI }], fallbacks: { contextWindow: [HAIKU] } }, name);
      const permission = test.permissionOf({ allowedModels });
      const [choice] = await choicesOf([named(name, { policy })], true, permission);
      const { contextWindow } = test.choices.fallbacksOf(policy, test.requestOf(name, {}, { permission }));
      return [choice?.route.isOpened, contextWindow[0]?.isOpened];
    };

    expect(await opened('fast', ['openai/o3', 'fast'])).toEqual([true, true]);
    for (const [name, pattern] of [
      ['fast', 'fa*'],
      ['fast', '*'],
      ['Fast', 'fast'],
      ['gpt-5', 'gpt-5'],
      ['openai/fast', 'openai/fast'],
      ['OpenAI/fast', 'OpenAI/fast'],
    ] as const) {
      expect(await opened(name, [pattern])).toEqual([undefined, undefined]);
    }
    expect(test.router.resolve(MINI).isOpened).toBeUndefined();
  });
});
