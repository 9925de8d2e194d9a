import { randomUUID } from 'node:crypto';
import OpenAI, { NotFoundError } from 'openai';
import { Metering, UsageRecorder } from '@app/analytics';
import type { Call } from '@app/shared';
import type { UsageDetails } from '../libs/analytics/src/api/usage.dto.js';
import type { PastGenerationView } from '../libs/inference/src/api/past-generations.dto.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

const ask = (model: string, content: string, more: object = {}): Promise<Response> =>
  gateway.chat({ model, messages: [{ role: 'user', content }], ...more });

async function generation(id: string | null): Promise<PastGenerationView['data']> {
  const response = await gateway.call(`/v1/generation?id=${id}`);
  expect([response.status, response.headers.get('x-request-id')]).toEqual([200, expect.stringMatching(/-7/)]);
  return ((await response.json()) as PastGenerationView).data;
}

describe('GET /v1/generation', () => {
  it('tells what a call used and cost, at once when it is over, by our id and by the vendor’s', async () => {
    const answer = await ask('openai/gpt-4.1-mini', 'What does this cost?');
    const {
      id: upstreamId,
      usage,
      x_llmhub,
    } = (await answer.json()) as {
      id: string;
      usage: OpenAI.CompletionUsage;
      x_llmhub: { cost: number };
    };
    const id = answer.headers.get('x-request-id');
    const told = await generation(id);

    expect(told).toMatchObject({
      id,
      upstream_id: upstreamId,
      model: 'openai/gpt-4.1-mini',
      provider_name: 'openai',
      streamed: false,
      cancelled: false,
      status: 200,
      error_code: null,
      finish_reason: 'stop',
      tokens_prompt: usage.prompt_tokens,
      tokens_completion: usage.completion_tokens,
      native_tokens_prompt: usage.prompt_tokens,
      native_tokens_completion: usage.completion_tokens,
      tokens_estimated: false,
      attempts: 1,
      decision: null,
    });
    expect(told.total_cost).toBeCloseTo(x_llmhub.cost, 12);
    expect(told.generation_time).toBe(told.latency);
    expect(Date.parse(told.created_at)).toBeLessThanOrEqual(Date.now());
    await expect(generation(upstreamId)).resolves.toEqual(told);
  });

  it('tells of streams, tool calls and failures', async () => {
    const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
    const streamed = await ask('anthropic/claude-sonnet-5', '[[sim:tool look]]', { stream: true, tools });
    await streamed.text();
    const failed = await ask('openai/gpt-4.1-mini', '[[sim:fault status=500]]');
    await failed.text();

    const told = await generation(streamed.headers.get('x-request-id'));
    expect(told).toMatchObject({ streamed: true, finish_reason: 'tool_calls', provider_name: 'anthropic' });
    expect(told.generation_time).toBeLessThanOrEqual(told.latency);
    await expect(generation(failed.headers.get('x-request-id'))).resolves.toMatchObject({
      status: 502,
      finish_reason: null,
      tokens_completion: 0,
      error_code: expect.any(String),
    });
  });

  it('shows how the vendor was chosen, without keys that a vendor quoted, to the admin too', async () => {
    const call = aCall(gateway.projectId);
    const meter = gateway.app.get(Metering, { strict: false }).open(call, '/v1/chat/completions');
    const plan = { order: [1, 0], scores: [2, 1], excluded: [null, null] };
    const attempts = [
      { target: 'openai/gpt-5', status: 401, error: 'Incorrect API key: sk-proj-0123456789abcdef' },
    ];
    meter.decision = { snapshot: { v: 1, random: 0.1 + 0.2 }, plan, attempts };
    meter.close({ status: 200, outcome: 'completed' });

    const shown = {
      snapshot: { v: 1, random: 0.1 + 0.2 },
      plan,
      attempts: [{ target: 'openai/gpt-5', status: 401, error: 'Incorrect API key: [redacted]' }],
    };
    expect((await generation(call.id)).decision).toEqual(shown);
    expect(((await usageOf(gateway, call.id)) as UsageDetails).decision).toEqual(shown);
  });

  it('knows the calls of the key’s own project only, whatever the vendor’s id', async () => {
    const stranger = await gateway.admin<{ id: string; apiKey: string }>('POST', '/admin/projects', {
      name: 'stranger',
    });
    const headers = { authorization: `Bearer ${stranger.body.apiKey}` };
    const answer = await ask('openai/gpt-4.1-mini', 'Whose is this?');
    const { id: upstreamId } = (await answer.json()) as { id: string };

    for (const id of [answer.headers.get('x-request-id'), upstreamId, randomUUID()]) {
      const response = await gateway.call(`/v1/generation?id=${id}`, { headers });
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({
        error: {
          message: expect.stringContaining(`made no call '${id}'`),
          type: 'invalid_request_error',
          param: 'id',
          code: 'generation_not_found',
        },
      });
    }
  });

  it('knows the key’s own calls only where it is limited to some models', async () => {
    const keys = `/admin/projects/${gateway.projectId}/api-keys`;
    const limited = await gateway.admin<{ key: string }>('POST', keys, {
      name: 'limited',
      allowedModels: ['openai/gpt-4o'],
    });
    const headers = { authorization: `Bearer ${limited.body.key}` };
    const others = await ask('openai/gpt-4.1-mini', 'Whose is this?');
    const own = await gateway.chat(
      { model: 'openai/gpt-4o', messages: [{ role: 'user', content: 'Mine.' }] },
      { headers },
    );
    const statusOf = async (answer: Response): Promise<number> => {
      const id = answer.headers.get('x-request-id');
      return (await gateway.call(`/v1/generation?id=${id}`, { headers })).status;
    };

    await expect(Promise.all([others, own].map(statusOf))).resolves.toEqual([404, 200]);
  });

  it('raises the error classes of OpenAI’s SDK', async () => {
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.projectKey, maxRetries: 0 });
    await expect(client.get('/generation', { query: { id: 'nothing' } })).rejects.toBeInstanceOf(
      NotFoundError,
    );
  });

  it.each([
    ['no id', ''],
    ['an empty one', '?id='],
    ['two', '?id=a&id=b'],
    ['an object', '?id[a]=b'],
    ['one that is too long', `?id=${'x'.repeat(192)}`],
    ['what it does not know', '?id=a&colour=blue'],
  ])('refuses %s', async (_, query) => {
    const response = await gateway.call(`/v1/generation${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it('is closed to keys of other endpoints, counts as a request, and leaves no record', async () => {
    const issue = async (allowedEndpoints: string[]): Promise<Record<string, string>> => {
      const { body } = await gateway.admin<{ key: string }>(
        'POST',
        `/admin/projects/${gateway.projectId}/api-keys`,
        {
          name: 'narrow',
          allowedEndpoints,
        },
      );
      return { authorization: `Bearer ${body.key}` };
    };
    const answer = await ask('openai/gpt-4.1-mini', 'hi');
    const at = `/v1/generation?id=${answer.headers.get('x-request-id')}`;
    const chatOnly = await issue(['/v1/chat/completions']);
    const lookUps = await issue(['/v1/generation']);
    expect((await gateway.call(at, { headers: chatOnly })).status).toBe(403);
    expect((await gateway.call(at, { headers: lookUps })).status).toBe(200);
    await gateway.app.get(UsageRecorder).flush();
    const { body } = await gateway.admin<{ data: { endpoint: string }[] }>('GET', '/admin/usage?limit=200');
    expect(body.data.filter(({ endpoint }) => endpoint === '/v1/generation')).toEqual([]);

    const limited = await gateway.admin<{ apiKey: string }>('POST', '/admin/projects', {
      name: 'limited',
      requestsPerMinute: 2,
    });
    const headers = { authorization: `Bearer ${limited.body.apiKey}` };
    const statuses: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      statuses.push((await gateway.call('/v1/generation?id=nothing', { headers })).status);
    }
    expect(statuses).toEqual([404, 404, 429]);
  });
});

function aCall(projectId: string): Call {
  return {
    id: randomUUID(),
    projectId,
    keyId: 'key-1',
    receivedAt: Date.now(),
    startedAt: performance.now(),
    strict: false,
    annotate: false,
    bodyLimitBytes: 1000,
    fileLimitBytes: 1000,
    defaultChatModel: null,
    defaultTranscriptionModel: null,
    permission: null,
    cache: null,
    quota: null,
    tokens: null,
    routing: null,
    signal: new AbortController().signal,
  };
}
