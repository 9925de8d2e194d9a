import OpenAI from 'openai';
import { UsageRecorder } from '@app/analytics';
import type { UsageView } from '../libs/analytics/src/api/usage.dto.js';
import type { BudgetSpending } from '../libs/budgets/src/api/budgets.dto.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { type ListeningVendor, startListeningVendor } from './support/listening-vendor.js';

const USAGE = {
  input_tokens: 1000,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 100,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 1100,
};
const COST = 1000 * 2500 + 100 * 10_000;

let vendor: ListeningVendor;
let gateway: TestGateway;
let openai: OpenAI;
/** The response that the vendor answers with. */
let kept: Record<string, unknown>;
let begun = 0;

beforeAll(async () => {
  vendor = await startListeningVendor();
  gateway = await startGateway({ AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `${vendor.url}/v1` });
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
beforeEach(() => {
  begun += 1;
  kept = {
    id: `resp_${String(begun).padStart(48, '0')}`,
    object: 'response',
    status: 'queued',
    background: true,
    model: 'gpt-4o',
    output: [],
    usage: null,
  };
  vendor.answer((response, { method, url = '', body }) => {
    const streams = url.includes('stream=true') || (method === 'POST' && body.includes('"stream":true'));
    if (!streams) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(kept));
      return;
    }
    const type = kept['usage'] === null ? 'response.created' : 'response.completed';
    const event = { type, sequence_number: 0, response: kept };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`event: ${type}\ndata: ${JSON.stringify(event)}\n\n`);
  });
});
afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

const begin = (): Promise<unknown> =>
  openai.responses.create({ model: 'gpt-4o', input: 'Think for a long time.', background: true });

function end(status: string): void {
  kept = { ...kept, status, usage: USAGE };
}

/** Of the response that the vendor keeps, latest first. */
async function records(): Promise<UsageView[]> {
  await gateway.app.get(UsageRecorder).flush();
  const { body } = await gateway.admin<{ data: UsageView[] }>('GET', '/admin/usage?limit=100');
  return body.data.filter(({ upstreamId }) => upstreamId === kept['id']);
}

/** They are written behind the answers. */
function recordsOnceThere(count: number): Promise<UsageView[]> {
  return eventually(async () => {
    const found = await records();
    expect(found).toHaveLength(count);
    return found;
  });
}

async function readToItsEnd<Event>(stream: AsyncIterable<Event>): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of stream) {
    events.push(event);
  }
  return events;
}

/** Then what was told before it was looked up, too. */
async function anotherIsCounted(): Promise<void> {
  const before = kept;
  const id = `${String(kept['id'])}_another`;
  kept = { ...kept, id, background: true };
  await openai.responses.retrieve(id);
  await recordsOnceThere(1);
  kept = before;
}

describe('a response that its vendor works on in the background', () => {
  it('costs when it is first found to be over, once', async () => {
    await begin();
    const [first] = await recordsOnceThere(1);
    expect(first).toMatchObject({ endpoint: '/v1/responses', inputTokens: 0, costNanoUsd: null });

    const id = String(kept['id']);
    await openai.responses.retrieve(id);
    end('completed');
    await openai.responses.retrieve(id);
    const [late] = await recordsOnceThere(2);
    expect(late).toMatchObject({
      projectId: gateway.projectId,
      endpoint: '/v1/responses',
      modelAsked: 'gpt-4o',
      modelUsed: 'gpt-4o',
      inputTokens: 1000,
      outputTokens: 100,
      costNanoUsd: COST,
      outcome: 'completed',
    });

    await Promise.all([openai.responses.retrieve(id), openai.responses.retrieve(id)]);
    await (await gateway.call(`/openai/v1/responses/${id}`)).text();
    await readToItsEnd(await openai.responses.retrieve(id, { stream: true }));
    await anotherIsCounted();
    expect(await records()).toHaveLength(2);
  });

  it.each(['completed', 'cancelled'])(
    'has budgets pay all that was set aside, and then what it cost (%s)',
    async status => {
      const path = `/admin/projects/${gateway.projectId}/budgets`;
      const limit = { name: 'background', limitUsd: 10, period: 'total' };
      const { body: budget } = await gateway.admin<{ id: string }>('POST', path, limit);
      const spent = async (): Promise<number | undefined> => {
        await gateway.app.get(UsageRecorder).flush();
        const { body } = await gateway.admin<{ data: BudgetSpending[] }>(
          'GET',
          `${path}/${budget.id}/spending`,
        );
        return body.data[0]?.spentUsd;
      };
      await begin();
      const [first] = await recordsOnceThere(1);
      expect(first?.budgetCharges).toMatchObject([{ budgetId: budget.id, nanoUsd: expect.any(Number) }]);
      expect(await spent()).toBe((first?.budgetCharges?.[0]?.nanoUsd ?? NaN) / 1e9);
      expect(await spent()).toBeGreaterThan(COST / 1e9);

      end(status);
      const id = String(kept['id']);
      await (status === 'cancelled' ? openai.responses.cancel(id) : openai.responses.retrieve(id));
      await recordsOnceThere(2);
      expect(await spent()).toBe(COST / 1e9);
      await openai.responses.retrieve(id);
      expect(await spent()).toBe(COST / 1e9);
      await gateway.admin('DELETE', `${path}/${budget.id}`);
    },
  );

  it('costs when it is cancelled', async () => {
    await begin();
    end('cancelled');
    await openai.responses.cancel(String(kept['id']));
    await openai.responses.cancel(String(kept['id']));

    const [late] = await recordsOnceThere(2);
    expect(late).toMatchObject({ outcome: 'aborted', costNanoUsd: COST });
  });

  it('costs when its events are taken up again', async () => {
    await begin();
    end('completed');
    const asked = { stream: true, starting_after: 3 } as const;
    const events = await readToItsEnd(await openai.responses.retrieve(String(kept['id']), asked));
    expect(events.map(({ type }) => type)).toEqual(['response.completed']);

    expect((await recordsOnceThere(2))[0]).toMatchObject({ inputTokens: 1000, costNanoUsd: COST });
  });

  it('is not estimated when its stream breaks off, since its usage is told later', async () => {
    const events = await openai.responses.create({
      model: 'gpt-4o',
      input: 'Hi',
      background: true,
      stream: true,
    });
    await expect(readToItsEnd(events)).rejects.toThrow();
    const [cut] = await recordsOnceThere(1);
    expect(cut).toMatchObject({ outcome: 'cut', inputTokens: 0, costNanoUsd: null });

    end('completed');
    await openai.responses.retrieve(String(kept['id']));
    expect((await recordsOnceThere(2))[0]).toMatchObject({ inputTokens: 1000, costNanoUsd: COST });
  });

  it.each(['/openai/v1/responses', '/openai/v1/responses/compact'])(
    'is not what a call of its own is: POST %s',
    async path => {
      kept = { ...kept, background: false };
      end('completed');
      await (await gateway.call(path, { method: 'POST', body: '{}' })).text();

      expect(await recordsOnceThere(1)).toMatchObject([{ endpoint: '/{vendor}/*', costNanoUsd: COST }]);
      await openai.responses.retrieve(String(kept['id']));
      await anotherIsCounted();
      expect(await records()).toHaveLength(1);
    },
  );

  it('costs nothing more when its stream went to its end', async () => {
    end('completed');
    const asked = { model: 'gpt-4o', input: 'Hi', background: true, stream: true } as const;
    await readToItsEnd(await openai.responses.create(asked));
    expect(await recordsOnceThere(1)).toMatchObject([{ inputTokens: 1000, costNanoUsd: COST }]);

    await openai.responses.retrieve(String(kept['id']));
    await anotherIsCounted();
    expect(await records()).toHaveLength(1);
  });
});
