import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { WEATHER } from './support/responses.js';

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});

afterAll(() => gateway?.stop());

const failureOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);
const lastSent = (): string => JSON.stringify(gateway.simulator.requests().at(-1)?.body);

async function textsOf(conversation: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const item of openai.conversations.items.list(conversation, { order: 'asc' })) {
    texts.push(JSON.stringify(item));
  }
  return texts;
}

describe.each([
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro'],
  ['openai', 'openai/gpt-4.1-mini'],
])('a conversation with %s', (vendor, model) => {
  it.each([
    ['whole', false],
    ['streamed', true],
  ])('%s, remembers every turn', async (_kind, stream) => {
    const { id } = await openai.conversations.create({
      metadata: { topic: 'tea' },
      items: [{ role: 'developer', content: 'Be brief.' }],
    });
    const turn = async (input: string): Promise<OpenAI.Responses.Response> =>
      stream
        ? openai.responses.stream({ model, input, conversation: id }).finalResponse()
        : openai.responses.create({ model, input, conversation: { id } });
    const first = await turn('I am Ada.');
    await turn('Who am I?');
    const sent = lastSent();

    for (const said of ['Be brief.', 'I am Ada.', first.output_text, 'Who am I?']) {
      expect(sent).toContain(JSON.stringify(said).slice(1, -1));
    }
    expect(sent).not.toContain('conv_');
    expect((await textsOf(id)).filter(text => text.includes('"type":"message"'))).toHaveLength(5);
    if (vendor !== 'openai') {
      expect(first).toMatchObject({ conversation: { id }, store: true });
      await expect(openai.responses.retrieve(first.id)).resolves.toMatchObject({ conversation: { id } });
    }
  });

  it('is where its responses are gone on from', async () => {
    const { id } = await openai.conversations.create();
    const { id: previous_response_id } = await openai.responses.create({
      model: 'anthropic/claude-sonnet-5',
      input: 'I am Ada.',
      conversation: id,
    });
    const failure = await failureOf(openai.responses.create({ model, input: 'Hi', previous_response_id }));

    expect(failure).toMatchObject({ status: 400, code: 'response_in_conversation' });
    expect(String(failure)).toContain(id);
  });

  it('goes through a tool loop', async () => {
    const { id } = await openai.conversations.create();
    const asked = { model, conversation: id, tools: [WEATHER] };
    const first = await openai.responses.create({ ...asked, input: 'Weather in Rome?' });
    const second = await openai.responses.create({
      ...asked,
      input: first.output
        .filter(item => item.type === 'function_call')
        .map(({ call_id }) => ({ type: 'function_call_output', call_id, output: 'sunny' })),
    });

    expect(second.output_text).toContain('sunny');
  });

  it('forgets what failed', async () => {
    const { id } = await openai.conversations.create();
    const failed = openai.responses.create({ model, conversation: id, input: 'Hi [[sim:fault status=500]]' });
    await failureOf(failed);
    await failureOf(
      openai.responses
        .stream({ model, conversation: id, input: '[[sim:words 200]] [[sim:fault cut=4000]]' })
        .finalResponse(),
    );

    expect(await textsOf(id)).toEqual([]);
  });
});

describe('conversations', () => {
  it('are made, told, changed and deleted', async () => {
    const made = await openai.conversations.create({ metadata: { topic: 'a' } });
    const changed = await openai.conversations.update(made.id, { metadata: { topic: 'b' } });
    const told = await openai.conversations.retrieve(made.id);

    expect(made).toEqual({
      id: expect.stringMatching(/^conv_/),
      object: 'conversation',
      created_at: expect.any(Number),
      metadata: { topic: 'a' },
    });
    expect(changed).toEqual({ ...made, metadata: { topic: 'b' } });
    expect(told).toEqual(changed);
    await expect(openai.conversations.delete(made.id)).resolves.toEqual({
      id: made.id,
      object: 'conversation.deleted',
      deleted: true,
    });
    await expect(failureOf(openai.conversations.retrieve(made.id))).resolves.toMatchObject({
      status: 404,
      code: 'conversation_not_found',
    });
  });

  it('have items that are added, listed, told and deleted', async () => {
    const { id } = await openai.conversations.create();
    const added = await openai.conversations.items.create(id, {
      items: [
        { role: 'user', content: 'one' },
        { role: 'assistant', content: 'two' },
        { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      ],
    });
    const [first] = added.data;
    const told = await openai.conversations.items.retrieve(first?.id ?? '', { conversation_id: id });
    await openai.conversations.items.delete(first?.id ?? '', { conversation_id: id });

    expect(added.data.map(item => item.id)).toEqual([
      expect.stringMatching(/^msg_/),
      expect.stringMatching(/^msg_/),
      expect.stringMatching(/^fc_/),
    ]);
    expect(told).toEqual({
      id: first?.id,
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: 'one' }],
    });
    expect(await textsOf(id)).toHaveLength(2);
    for (const odd of ['%00', 'a%2Fb', 'x'.repeat(300)]) {
      const response = await gateway.call(`/v1/conversations/${id}/items/${odd}`);
      expect(response.status).toBe(404);
    }
    await expect(
      failureOf(openai.conversations.items.retrieve(first?.id ?? '', { conversation_id: id })),
    ).resolves.toMatchObject({ status: 404, code: 'item_not_found' });
  });

  it('are not found by another project', async () => {
    const { id } = await openai.conversations.create({ items: [{ role: 'user', content: 'A secret' }] });
    const { body } = await gateway.admin<{ apiKey: string }>('POST', '/admin/projects', { name: 'other' });
    const stranger = new OpenAI({ apiKey: body.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const model = 'anthropic/claude-sonnet-5';

    for (const call of [
      stranger.conversations.retrieve(id),
      stranger.conversations.update(id, { metadata: {} }),
      stranger.conversations.delete(id),
      Promise.resolve(stranger.conversations.items.list(id)),
      stranger.conversations.items.create(id, { items: [{ role: 'user', content: 'Hi' }] }),
      stranger.responses.create({ model, input: 'Hi', conversation: id }),
    ]) {
      await expect(failureOf(call)).resolves.toMatchObject({ status: 404, code: 'conversation_not_found' });
    }
    expect(await textsOf(id)).toHaveLength(1);
  });

  it('of OpenAI are not known at other vendors', async () => {
    const conversation = `conv_${'0'.repeat(48)}`;
    const failure = await failureOf(
      openai.responses.create({ model: 'google/gemini-3-pro', input: 'Hi', conversation }),
    );

    expect(failure).toMatchObject({ status: 400, param: 'conversation', code: 'conversation_not_found' });
  });

  it.each<[string, string, unknown]>([
    ['metadata', '', { metadata: { a: 1 } }],
    ['metadata', '', { metadata: { a: 'x'.repeat(513) } }],
    ['metadata', '', { metadata: [] }],
    ['items', '', { items: 'Hi' }],
    ['items', '', { items: Array.from({ length: 21 }, () => ({ role: 'user', content: 'Hi' })) }],
    ['items', '/items', {}],
    ['items', '/items', { items: [7] }],
    ['items[0].role', '', { items: [{ role: 'nobody', content: 'Hi' }] }],
    [
      'items[1]',
      '/items',
      {
        items: [
          { role: 'user', content: 'Hi' },
          { type: 'item_reference', id: 'x' },
        ],
      },
    ],
  ])('refuse wrong %s', async (param, below, body) => {
    const { id } = await openai.conversations.create();
    const response = await gateway.call(`/v1/conversations${below && `/${id}${below}`}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });
});
