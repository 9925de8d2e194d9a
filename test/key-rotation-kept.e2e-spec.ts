import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import OpenAI from 'openai';
import { encryptionKey } from './support/encryption-key.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { WEATHER } from './support/responses.js';
import { removeData, storeEnvironment } from './support/test-store.js';

const MODEL = 'anthropic/claude-sonnet-5';
const TOOLS = [WEATHER];
const [A, B] = [encryptionKey(1), encryptionKey(2)];
const ONLY_OLD = { AI_GATEWAY_SECURITY_ENCRYPTION_KEY: A };
const ONLY_NEW = { AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: `2027:${B}` };

let dataDir: string;
let gateway: TestGateway;
let projectKey: string;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-rotation-'));
  gateway = await startGateway({ ...(await storeEnvironment(dataDir)), ...ONLY_OLD });
  ({ projectKey } = gateway);
});

afterAll(async () => {
  await gateway?.stop();
  await removeData(dataDir);
});

/** Starts it anew with other encryption keys and the same store; the client still has the key of the first project. */
async function restart(keys: Record<string, string>): Promise<OpenAI> {
  await gateway.stop();
  gateway = await startGateway({ ...(await storeEnvironment(dataDir)), ...keys });
  return client();
}

const client = (): OpenAI => new OpenAI({ apiKey: projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
const lastSent = (): string => JSON.stringify(gateway.simulator.requests().at(-1)?.body);
const reencrypt = async (): Promise<unknown> =>
  (await gateway.admin('POST', '/admin/encryption/reencrypt')).body;

it('what is kept for callers goes on when its encryption key is taken away, its reasoning too', async () => {
  const reasoning = { effort: 'high', summary: 'auto' } as const;
  const asked = { role: 'user', content: 'Weather in Oslo?' } as const;
  const first = await client().responses.create({
    model: MODEL,
    tools: TOOLS,
    reasoning,
    input: [asked],
  });
  const conversation = await client().conversations.create({ metadata: { topic: 'tea' } });
  const said = { model: MODEL, conversation: conversation.id };
  await client().responses.create({ ...said, input: 'I like tea.' });
  const { data: items } = await client().conversations.items.list(conversation.id);

  // Taken away too early: named, and nothing is lost by it.
  let openai = await restart({ AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: `2027:${B},old:${A}` });
  await openai.models.list(); // the project's key moves when it is used
  openai = await restart(ONLY_NEW);
  await expect(openai.responses.retrieve(first.id)).rejects.toMatchObject({
    status: 500,
    code: 'unreadable_record',
  });
  expect(await reencrypt()).toMatchObject({ done: 0, left: 0, unreadable: 3 + items.length });

  await restart({ AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: `2027:${B},old:${A}` });
  const nothing = { done: 0, left: 0, unreadable: 0 };
  expect(await reencrypt()).toEqual({
    ...nothing,
    activeKeyId: '2027',
    done: 3 + items.length,
    keysLeft: 0,
    missingKeyIds: [],
    kinds: [
      { ...nothing, kind: 'provider keys' },
      { ...nothing, kind: 'responses', done: 2 },
      { ...nothing, kind: 'conversations', done: 1 },
      { ...nothing, kind: 'conversation items', done: items.length },
      { ...nothing, kind: 'idempotent answers' },
      { ...nothing, kind: 'transcriptions' },
      { ...nothing, kind: 'alerts' },
    ],
  });
  expect(await reencrypt()).toMatchObject(nothing);

  openai = await restart(ONLY_NEW);
  const results = first.output
    .filter(item => item.type === 'function_call')
    .map(({ call_id }) => ({ type: 'function_call_output' as const, call_id, output: 'snow' }));
  const second = await openai.responses.create({
    model: MODEL,
    tools: TOOLS,
    reasoning,
    previous_response_id: first.id,
    input: results,
  });
  expect(second.output_text).toContain('snow');
  expect(lastSent()).toContain('Weather in Oslo?');
  expect(lastSent()).toMatch(/"signature":"[^"]{8,}/); // the simulator refuses what it did not sign itself
  const own = await gateway.call('/v1/responses', {
    method: 'POST',
    headers: { authorization: `Bearer ${projectKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: MODEL, tools: TOOLS, input: [asked, ...first.output, ...results] }),
  });
  expect([own.status, own.headers.get('x-llmhub-warnings')]).toEqual([
    200,
    expect.stringMatching(/dropped=/),
  ]);
  expect(lastSent()).not.toMatch(/gw1\.|"signature"/); // the client's own copy hung on the old key
  await openai.responses.create({ ...said, input: 'What do I like?' });
  expect(lastSent()).toContain('I like tea.');
  await expect(openai.conversations.retrieve(conversation.id)).resolves.toMatchObject({
    metadata: { topic: 'tea' },
  });
}, 60_000);
