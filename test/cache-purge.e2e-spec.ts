import { Caching, type Owner } from './support/caching.js';
import { eventually } from './support/eventually.js';
import { simulated } from './support/simulated.js';
import { contentOf } from './support/streamed.js';

let caching: Caching;
let owner: Owner;

beforeAll(async () => {
  caching = await Caching.start(simulated);
});
beforeEach(async () => {
  owner = await caching.project();
});
afterAll(() => caching?.gateway.stop());

async function purge(meant: object, projectId = owner.id): Promise<{ status: number; body: unknown }> {
  const { status, body } = await caching.gateway.admin(
    'POST',
    `/admin/projects/${projectId}/cache/purge`,
    meant,
  );
  return { status, body };
}

const told = (body: object, ...headers: object[]): Promise<(string | null)[]> =>
  caching.told(owner, body, ...headers);

describe('forgetting what is kept', () => {
  it('forgets all of a project, and nothing of others', async () => {
    const [body, other] = [caching.question(), await caching.project()];
    await told(body, {});
    await caching.ask(other, body);

    expect(await purge({})).toEqual({ status: 200, body: { purged: 1 } });
    expect(await purge({})).toEqual({ status: 200, body: { purged: 0 } });
    expect(await told(body, {})).toEqual(['miss']);
    expect((await caching.ask(other, body)).cache).toBe('hit; age=0');
  });

  it('forgets those of a model', async () => {
    const [kept, gone] = [caching.question(), caching.question('', 'anthropic/claude-sonnet-5')];
    await told(kept, {});
    await told(gone, {});

    expect(await purge({ model: 'anthropic/claude-sonnet-5' })).toMatchObject({ body: { purged: 1 } });
    expect([...(await told(kept, {})), ...(await told(gone, {}))]).toEqual(['hit; age=0', 'miss']);
  });

  it('forgets those of a model whose name has a slash, by what their answers say, and else says so', async () => {
    const body = caching.question('', 'openrouter/meta-llama/llama-4-maverick');
    const { headers } = await caching.ask(owner, body);
    const [vendor, model] = ['x-llmhub-provider', 'x-llmhub-model'].map(name => headers.get(name));

    for (const [name, hint] of [
      [`${model}`, 'openrouter/meta-llama/llama-4-maverick'],
      ['Qwen/Qwen3-32B', 'openrouter/Qwen/Qwen3-32B'],
      ['claude-sonnet-5', 'anthropic/claude-sonnet-5'],
      ['smart', 'openai/gpt-5-mini'],
      ['openai/', 'openai/gpt-5-mini'],
    ]) {
      expect(await purge({ model: name })).toMatchObject({
        status: 400,
        body: {
          error: {
            param: 'model',
            message: expect.stringMatching(
              `such as '${hint}', and not '${name}'.*x-llmhub-provider`,
            ) as string,
          },
        },
      });
    }
    expect(await told(body, {})).toEqual(['hit; age=0']);
    expect(await purge({ model: `OpenRouter/${model}` })).toMatchObject({ body: { purged: 1 } });
    expect(await told(body, {})).toEqual(['miss']);
    expect(await purge({ model: `${vendor}/${model}` })).toMatchObject({ body: { purged: 1 } });
  });

  it('forgets those of a namespace', async () => {
    const body = caching.question();
    const named = { 'x-llmhub-cache-namespace': 'user-17' };
    await told(body, {}, named);

    expect(await purge({ namespace: 'user-17' })).toMatchObject({ body: { purged: 1 } });
    expect(await told(body, {}, named)).toEqual(['hit; age=0', 'miss']);
  });

  it('forgets those that are older', async () => {
    const [old, young] = [caching.question(), caching.question()];
    await told(old, {});
    caching.pass(10_000);
    await told(young, {});

    expect(await purge({ olderThanSeconds: 9 })).toMatchObject({ body: { purged: 1 } });
    expect([...(await told(old, {})), ...(await told(young, {}))]).toEqual(['miss', 'hit; age=0']);
  });

  it('leaves a call that is under way to those who wait for it, and to nobody else', async () => {
    const asked = caching.question('[[sim:count 30]] [[sim:fault pace=20]]');
    const body = { ...asked, stream: true, stream_options: { include_usage: true } };
    const before = caching.calls;
    const first = caching.ask(owner, body);
    await eventually(() => expect(caching.calls - before).toBe(1));
    const headers = { authorization: `Bearer ${owner.apiKey}` };
    const second = await caching.gateway.chat(body, { headers });
    await purge({});
    const third = await caching.ask(owner, body);
    const answers = [(await first).text, await second.text(), third.text].map(contentOf);

    expect(second.headers.get('x-llmhub-cache')).toBe('hit; age=0; shared');
    expect(third.cache).toBe('miss');
    expect(answers.map(text => text.includes('30'))).toEqual([true, true, true]);
    expect(caching.calls - before).toBe(2);
    const { cache, text } = await caching.ask(owner, body);
    expect(cache).toBe('hit; age=0');
    expect(text).toContain(third.headers.get('x-request-id'));
  });

  it('has nothing kept of a call that nobody asked again', async () => {
    const body = caching.question('[[sim:fault delay=1000]]');
    const before = caching.calls;
    const first = caching.ask(owner, body);
    await eventually(() => expect(caching.calls - before).toBe(1));
    await purge({});
    await first;

    expect(await told(body, {})).toEqual(['miss']);
  });

  it('is in the audit trail', async () => {
    await purge({ namespace: 'user-17' });
    const { body } = await caching.gateway.admin<{ data: object[] }>(
      'GET',
      `/admin/audit?action=cache.purge&target=${owner.id}`,
    );

    expect(body.data).toContainEqual(
      expect.objectContaining({
        action: 'cache.purge',
        targetId: owner.id,
        after: { namespace: 'user-17' },
        outcome: 'made',
      }),
    );
  });

  it('is refused for a project that there is not, and for what cannot be meant', async () => {
    expect((await purge({}, '01936f5a-7c1e-7a1b-8f00-0123456789ab')).status).toBe(404);
    for (const meant of [
      { model: '' },
      { namespace: 'a b' },
      { olderThanSeconds: -1 },
      { model: null },
      { model: 'gpt-4.1-mini' }, // of no vendor: nothing would be forgotten
      { unknown: 1 },
    ]) {
      expect((await purge(meant)).status).toBe(400);
    }
  });
});
