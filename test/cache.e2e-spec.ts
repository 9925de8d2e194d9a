import { Caching, MODEL, type Owner } from './support/caching.js';
import { eventually } from './support/eventually.js';
import { contentOf } from './support/streamed.js';
import { usageOf } from './support/usage.js';

let caching: Caching;
let owner: Owner;

beforeAll(async () => {
  caching = await Caching.start();
  owner = await caching.project();
});

afterAll(() => caching?.gateway.stop());

describe('the same request once more', () => {
  it('is answered without the vendor, for nothing, and says so', async () => {
    const body = caching.question();
    const first = await caching.ask(owner, body);
    const before = caching.calls;
    caching.pass(3500);
    const second = await caching.ask(owner, body);

    expect(caching.calls).toBe(before);
    expect([first.cache, second.cache]).toEqual(['miss', 'hit; age=3']);
    const [paid, free] = [JSON.parse(first.text), JSON.parse(second.text)];
    expect(paid.x_llmhub).toMatchObject({ cached: false });
    expect(paid.x_llmhub).not.toHaveProperty('cache');
    expect(free.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: paid.choices[0].message.content },
    });
    expect(free.id).not.toBe(paid.id);
    expect(free.usage).toMatchObject({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, cost: 0 });
    expect(paid.usage.cost).toBeGreaterThan(0);
    expect(free.x_llmhub).toMatchObject({
      provider: 'openai',
      model: paid.model,
      cached: true,
      cost: 0,
      attempts: 0,
      cache: {
        age: 3,
        usage: { input_tokens: paid.usage.prompt_tokens, output_tokens: paid.usage.completion_tokens },
        saved_usd: paid.usage.cost,
        call: first.headers.get('x-request-id'),
      },
    });
    expect(Object.fromEntries(second.headers)).toMatchObject({
      'x-llmhub-attempts': '0',
      'x-llmhub-cost-usd': '0.000000000',
      'x-llmhub-provider': 'openai',
      'x-llmhub-model': 'gpt-4.1-mini',
      'server-timing': expect.stringMatching(/^gateway;dur=-?\d+\.\d\d$/), // the clock of this test is set
    });
  });

  it('leaves a record that cost nothing, and tells what that saved', async () => {
    const project = await caching.project();
    const body = caching.question();
    const first = await caching.ask(project, body);
    const { headers } = await caching.ask(project, body);
    const paid = await usageOf(caching.gateway, first.headers.get('x-request-id'));

    await expect(usageOf(caching.gateway, headers.get('x-request-id'))).resolves.toMatchObject({
      provider: 'openai',
      modelAsked: MODEL,
      modelUsed: expect.stringContaining('gpt-4.1-mini'),
      outcome: 'completed',
      status: 200,
      finish: 'stop',
      cached: true,
      attempts: 0,
      inputTokens: 0,
      outputTokens: 0,
      costNanoUsd: 0,
      savedNanoUsd: paid.costNanoUsd,
    });
    expect(paid).toMatchObject({ cached: false, savedNanoUsd: 0 });
    expect(paid.costNanoUsd).toBeGreaterThan(0);
    const authorization = `Bearer ${project.apiKey}`;
    const told = await eventually(async () => {
      const response = await caching.gateway.call('/v1/usage', { headers: { authorization } });
      const { data } = (await response.json()) as { data: { calls: number }[] };
      expect(data[0]?.calls).toBe(2);
      return data;
    });
    expect(told).toMatchObject([
      {
        costNanoUsd: String(paid.costNanoUsd),
        savedNanoUsd: String(paid.costNanoUsd),
        inputTokens: paid.inputTokens,
      },
    ]);
  });

  it('is streamed in the pieces that it first came in', async () => {
    const body = {
      ...caching.question('[[sim:fault pace=5]]'),
      stream: true,
      stream_options: { include_usage: true },
    };
    const first = await caching.ask(owner, body);
    const second = await caching.ask(owner, body);

    expect([first.cache, second.cache]).toEqual(['miss', 'hit; age=0']);
    expect(deltasOf(second.text)).toEqual(deltasOf(first.text));
    expect(deltasOf(second.text).length).toBeGreaterThan(3);
    expect(contentOf(second.text)).toBe(contentOf(first.text));
    expect(second.text).toContain('"cached":true');
    expect(second.headers.get('x-llmhub-cost-usd')).toBe('0.000000000');
    expect(second.text.trimEnd().endsWith('data: [DONE]')).toBe(true);
  });

  it('is streamed at the pace that is asked for', async () => {
    const body = { ...caching.question('[[sim:fault pace=5]]'), stream: true };
    const first = await caching.ask(owner, body);
    const headers = { authorization: `Bearer ${owner.apiKey}`, 'x-llmhub-cache-pace': '100' };
    const response = await caching.gateway.chat(body, { headers });
    let reads = 0;
    let text = '';
    for await (const piece of response.body ?? []) {
      reads += 1;
      text += Buffer.from(piece).toString();
    }

    expect(response.headers.get('x-llmhub-cache')).toBe('hit; age=0');
    expect(deltasOf(text)).toEqual(deltasOf(first.text));
    expect(reads).toBeGreaterThan(3);
    expect(await caching.ask(owner, body, { 'x-llmhub-cache-pace': 'slow' })).toMatchObject({ status: 400 });
  });

  it('is another one with another word, field, wish, or way to answer', async () => {
    const body = caching.question();
    await caching.ask(owner, body);
    const others = [
      caching.question(),
      { ...body, temperature: 0.5 },
      { ...body, stream: true },
      { ...body, user: 'somebody' },
      { ...body, seed: 7 },
      { ...body, model: 'openai/gpt-4.1' },
      { ...body, provider: { sort: 'price' } },
    ];
    for (const other of others) {
      expect(await caching.ask(owner, other)).toMatchObject({ status: 200, cache: 'miss' });
    }
    const wishes = [{}, { 'x-llmhub-strict': 'true' }, { 'x-llmhub-max-attempts': '2' }];
    expect(await caching.told(owner, body, ...wishes)).toEqual(['hit; age=0', 'miss', 'miss']);
  });

  it('is the same by whatever name the model goes', async () => {
    const body = caching.question();
    await caching.ask(owner, body);

    expect((await caching.ask(owner, { ...body, model: 'gpt-4.1-mini' })).cache).toBe('hit; age=0');
  });
});

describe('an answer that is there', () => {
  it('comes when the budget is used up', async () => {
    const project = await caching.project();
    const body = caching.question('[[sim:words 40]]');
    await caching.ask(project, body);
    const budget = { name: 'nothing left', limitUsd: 0.000001, period: 'total' };
    await caching.create(`/admin/projects/${project.id}/budgets`, budget);

    expect((await caching.ask(project, caching.question('[[sim:words 40]]'))).status).toBe(402);
    expect(await caching.ask(project, body)).toMatchObject({ status: 200, cache: 'hit; age=1' });
  });

  it('comes when the vendor is dead', async () => {
    const body = caching.question();
    const first = await caching.ask(owner, body);
    caching.gateway.simulator.chaos([{ vendor: 'openai', fault: 'drop' }]);
    const other = await caching.ask(owner, caching.question());
    const second = await caching.ask(owner, body);
    caching.gateway.simulator.chaos([]);

    expect(first).toMatchObject({ status: 200, cache: 'miss' });
    expect(other.status).toBe(502);
    expect(second).toMatchObject({ status: 200, cache: 'hit; age=0' });
  });

  it('has all its alternatives', async () => {
    const body = { ...caching.question(), n: 2 };
    await caching.ask(owner, body);
    const { text, cache } = await caching.ask(owner, body);

    expect(cache).toBe('hit; age=0');
    expect(JSON.parse(text).choices).toHaveLength(2);
  });

  it('comes with the warnings of the first', async () => {
    const body = { ...caching.question('', 'anthropic/claude-sonnet-5'), seed: 7 };
    const said = [await caching.ask(owner, body), await caching.ask(owner, body)];

    expect(said.map(({ cache }) => cache)).toEqual(['miss', 'hit; age=0']);
    expect(said.map(({ headers }) => headers.get('x-llmhub-warnings'))).toEqual([
      'dropped=seed',
      'dropped=seed',
    ]);
  });

  it('comes again by the policy that chose its vendor, and not by a later one', async () => {
    const project = await caching.project();
    const at = `/admin/projects/${project.id}/routing-policies`;
    const { id } = await caching.create<{ id: string }>(at, { name: 'fast', targets: [{ model: MODEL }] });
    const body = caching.question('', 'fast');
    expect(await caching.told(project, body, {}, {})).toEqual(['miss', 'hit; age=0']);

    await caching.change(`${at}/${id}`, { targets: [{ model: 'anthropic/claude-sonnet-5' }] });
    const later = await caching.ask(project, body);
    expect(later.cache).toBe('miss');
    expect(JSON.parse(later.text).x_llmhub).toMatchObject({ provider: 'anthropic' });
  });
});

/** What each event of a stream says. */
function deltasOf(stream: string): string[] {
  return stream
    .split('\n')
    .filter(line => line.startsWith('data: {'))
    .flatMap(line => JSON.parse(line.slice('data: '.length)).choices?.[0]?.delta?.content || []);
}
