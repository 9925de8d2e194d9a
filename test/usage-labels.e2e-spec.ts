import { readFileSync } from 'node:fs';
import path from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI, { toFile } from 'openai';
import { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { answer, inWords, MODEL, said } from '../apps/simulator/test/support/realtime-events.js';
import type { AdminUsageSummary, AdminLatencies } from '../libs/analytics/src/api/usage-summary.dto.js';
import type { UsagePage } from '../libs/analytics/src/api/usage.dto.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { recordsOf } from './support/ledger.js';
import { usageOf } from './support/usage.js';

const MINI = 'openai/gpt-4.1-mini';
const CLAUDE = 'anthropic/claude-sonnet-5';
const HELLO = readFileSync(path.resolve(import.meta.dirname, '../samples/hello.wav'));
const messages = [{ role: 'user' as const, content: 'Hello.' }];
const headers = { 'x-llmhub-user': 'grace', 'x-llmhub-tags': 'team:search, night' };
const LABELS = { endUser: 'grace', tags: ['team:search', 'night'] };

let gateway: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  gateway = await startGateway();
  const options = { apiKey: gateway.projectKey, maxRetries: 0 };
  openai = new OpenAI({ ...options, baseURL: `${gateway.url}/v1` });
  anthropic = new Anthropic({ ...options, baseURL: gateway.url });
});
afterAll(() => gateway?.stop());

type Answered = { withResponse(): Promise<{ readonly response: Response }> };

async function labelsOf(asked: Answered): Promise<object> {
  const { response } = await asked.withResponse();
  const id = response.headers.get('x-request-id');
  await response.text().catch(() => ''); // most SDKs have read it
  const { endUser, tags } = await usageOf(gateway, id);
  return { endUser, tags };
}

describe('whom a call is for', () => {
  it.each<[string, () => Answered, string]>([
    ['user', () => openai.chat.completions.create({ model: MINI, messages, user: 'ada' }), 'ada'],
    [
      'safety_identifier before user',
      () =>
        openai.chat.completions.create({ model: CLAUDE, messages, user: 'ada', safety_identifier: 'bob' }),
      'bob',
    ],
    [
      'user of responses',
      () => openai.responses.create({ model: MINI, input: 'Hello.', user: 'ada' }),
      'ada',
    ],
    [
      'user of embeddings',
      () => openai.embeddings.create({ model: 'text-embedding-3-small', input: 'a', user: 'ada' }),
      'ada',
    ],
    [
      'user of pictures',
      () => openai.images.generate({ model: 'openai/gpt-image-1', prompt: 'A bicycle.', user: 'ada' }),
      'ada',
    ],
    [
      'metadata.user_id',
      () =>
        anthropic.messages.create({ model: CLAUDE, max_tokens: 9, messages, metadata: { user_id: 'ada' } }),
      'ada',
    ],
  ])('is told by %s', async (_, ask, endUser) => {
    expect(await labelsOf(ask())).toEqual({ endUser, tags: [] });
  });

  it('is nobody, where nobody says', async () => {
    expect(await labelsOf(openai.chat.completions.create({ model: MINI, messages }))).toEqual({
      endUser: null,
      tags: [],
    });
  });

  it.each<[string, () => Answered]>([
    ['chat', () => openai.chat.completions.create({ model: MINI, messages, user: 'ada' }, { headers })],
    [
      'responses',
      () => openai.responses.create({ model: CLAUDE, input: 'Hello.', user: 'ada' }, { headers }),
    ],
    [
      'messages',
      () =>
        anthropic.messages.create(
          { model: MINI, max_tokens: 9, messages, metadata: { user_id: 'ada' } },
          { headers },
        ),
    ],
    [
      'messages that are counted',
      () => anthropic.messages.countTokens({ model: CLAUDE, messages }, { headers }),
    ],
    [
      'moderations',
      () => openai.moderations.create({ model: 'omni-moderation-latest', input: 'a' }, { headers }),
    ],
    ['speech', () => openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'a' }, { headers })],
  ])('is told by the header before the body, and what it is for: %s', async (_, ask) => {
    expect(await labelsOf(ask())).toEqual(LABELS);
  });

  it('is told by the header with a recording, in a stream, and on the paths of a vendor', async () => {
    const file = await toFile(HELLO, 'hello.wav');
    await openai.audio.transcriptions.create({ model: 'whisper-1', file }, { headers });
    for await (const _ of await openai.chat.completions.create(
      { model: 'openai/gpt-4.1-nano', messages, stream: true },
      { headers },
    )) {
      // to its end
    }
    const models = await gateway.call('/openai/models', { headers });
    await models.text();

    expect(await recordsOf(gateway, 'whisper-1')).toMatchObject([LABELS]);
    expect(await recordsOf(gateway, 'openai/gpt-4.1-nano')).toMatchObject([LABELS]);
    expect(await usageOf(gateway, models.headers.get('x-request-id'))).toMatchObject(LABELS);
  });

  it("is told by the header to Google's SDK", async () => {
    const genai = new GoogleGenAI({
      apiKey: gateway.projectKey,
      httpOptions: { baseUrl: gateway.url, headers },
    });
    await genai.models.generateContent({ model: 'gemini-2.5-flash', contents: 'Hello.' });

    expect(await recordsOf(gateway, 'gemini-2.5-flash')).toMatchObject([LABELS]);
  });

  it('is told by the header of a session, of which all answers are for it', async () => {
    const authorization = `Bearer ${gateway.projectKey}`;
    const at = `${gateway.url}/v1/realtime?model=${MODEL}`;
    const client = await LiveClient.open(at, { headers: { ...headers, authorization } });
    client.send(inWords, said('one'), answer);
    await client.untilType('response.done');
    await client.close();

    expect(await recordsOf(gateway, MODEL)).toMatchObject([LABELS, LABELS]);
  });

  it('is the same when an answer is repeated, and told by the body', async () => {
    const repeated = { headers: { 'idempotency-key': 'once' } };
    const ask = () => openai.chat.completions.create({ model: MINI, messages, user: 'eve' }, repeated);
    const first = await labelsOf(ask());

    expect([first, await labelsOf(ask())]).toEqual([
      { endUser: 'eve', tags: [] },
      { endUser: 'eve', tags: [] },
    ]);
  });
});

describe('labels that are no good', () => {
  it.each([
    ['x-llmhub-user', 'a\u00fc'],
    ['x-llmhub-user', 'a'.repeat(257)],
    ['x-llmhub-tags', 'a,,b'],
    ['x-llmhub-tags', 'a,b,c,d,e,f,g,h,i,j,k'],
    ['x-llmhub-tags', 'a'.repeat(65)],
  ])('are refused in a header, in the words of the caller: %s: %s', async (name, value) => {
    const wrong = { headers: { [name]: value } };
    const refusal = () => openai.chat.completions.create({ model: MINI, messages }, wrong);
    const other = () => anthropic.messages.create({ model: MINI, max_tokens: 9, messages }, wrong);

    await expect(refusal()).rejects.toMatchObject({
      status: 400,
      param: name,
      message: expect.stringContaining(name),
    });
    await expect(other()).rejects.toBeInstanceOf(Anthropic.BadRequestError);
    await expect(other()).rejects.toThrow(`'${name}' must`);
  });

  it.each([
    ['too long', 'x'.repeat(5000), 'x'.repeat(256)],
    ['with half a character', 'a\ud800b', 'a\ufffdb'],
    ['with NUL', 'a\0b', 'ab'],
    ['of a query', "' OR 1=1 --", "' OR 1=1 --"],
    ['of a pattern', '%_\\"', '%_\\"'],
  ])('fail no call in a body, and are kept as every store can: %s', async (_, user, endUser) => {
    expect(await labelsOf(openai.chat.completions.create({ model: MINI, messages, user }))).toEqual({
      endUser,
      tags: [],
    });
    const query = new URLSearchParams({ endUser });
    const { body } = await gateway.admin<UsagePage>('GET', `/admin/usage?${query}`);
    expect(body.data).toMatchObject([{ endUser }]);
  });
});

it('has calls listed and exported by whom and what they are for', async () => {
  await labelsOf(openai.chat.completions.create({ model: MINI, messages }, { headers }));
  const listed = await gateway.admin<UsagePage>('GET', '/admin/usage?endUser=grace&tag=night&limit=200');
  const none = await gateway.admin<UsagePage>('GET', '/admin/usage?endUser=grace&tag=nigh');
  const exported = await fetch(`${gateway.url}/admin/usage/export?tag=team:search&format=csv`, {
    headers: gateway.adminHeaders,
  });
  const [head = '', ...lines] = (await exported.text()).trim().split('\r\n');

  expect(listed.body.data.length).toBeGreaterThan(5);
  expect(listed.body.data.every(({ endUser }) => endUser === 'grace')).toBe(true);
  expect(none.body.data).toEqual([]);
  expect(head).toContain(',endUser,tags,');
  expect(lines).toHaveLength(listed.body.data.length);
  expect(lines[0]).toContain('grace,"[""team:search"",""night""]"');
});

const sumsBy = async (query: string) =>
  (await gateway.admin<AdminUsageSummary>('GET', `/admin/usage/summary?interval=total&${query}`)).body.data;

const records = async (query: string) =>
  (await gateway.admin<UsagePage>('GET', `/admin/usage?limit=200&${query}`)).body.data;

describe('sums by end user and tag', () => {
  it('are what the records add up to, by each of them, told apart by project and model besides', async () => {
    const all = await records('');
    const users = [...new Set(all.flatMap(({ endUser }) => endUser ?? []))];
    const told = await sumsBy('groupBy=endUser');

    expect(told.map(({ endUser }) => endUser).toSorted()).toEqual(users.toSorted());
    for (const { endUser, calls, inputTokens, costNanoUsd, failedCalls } of told) {
      const own = all.filter(record => record.endUser === endUser);
      expect({ calls, inputTokens, costNanoUsd, failedCalls }).toEqual({
        calls: own.length,
        inputTokens: own.reduce((sum, record) => sum + record.inputTokens, 0),
        costNanoUsd: String(own.reduce((sum, record) => sum + (record.costNanoUsd ?? 0), 0)),
        failedCalls: 0,
      });
    }
    const nights = all.filter(({ tags }) => tags.includes('night'));
    const byTag = await sumsBy(`groupBy=tag,project,model&tag=night&projectId=${gateway.projectId}`);
    expect(byTag.reduce((sum, { calls }) => sum + calls, 0)).toBe(nights.length);
    expect(new Set(byTag.map(({ model }) => model)).size).toBeGreaterThan(3);
    expect(await sumsBy('groupBy=tag')).toMatchObject([
      { tag: 'night', calls: nights.length },
      { tag: 'team:search', calls: nights.length },
    ]);
  });

  it('name the largest, in JSON and CSV, with latencies, and to the keys of the project', async () => {
    const [dearest, other] = await sumsBy('groupBy=endUser&top=1');
    const csv = await gateway.call('/v1/usage?interval=total&groupBy=tag&format=csv');
    const [head = '', first] = (await csv.text()).split('\r\n');
    const { body } = await gateway.admin<AdminLatencies>(
      'GET',
      '/admin/analytics/latency?interval=total&groupBy=endUser&endUser=ada',
    );

    expect([typeof dearest?.endUser, other?.other]).toEqual(['string', true]);
    expect(head).toMatch(/^start,tag,calls,/);
    expect(first).toMatch(/^[^,]+,night,\d+,/);
    expect(body.data).toMatchObject([
      { endUser: 'ada', latencyMs: { calls: (await records('endUser=ada')).length } },
    ]);
  });

  it('are refused by both at once, with what can be asked', async () => {
    const response = await gateway.call('/v1/usage?groupBy=endUser,tag');
    const { error } = (await response.json()) as { error: { message: string; param: string } };

    expect([response.status, error.param]).toEqual([400, 'groupBy']);
    expect(error.message).toContain('Ask by one of them, together with any of project, key');
  });
});
