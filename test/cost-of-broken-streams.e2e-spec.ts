import type { UsageView } from '../libs/analytics/src/api/usage.dto.js';
import type { TestGateway } from './support/gateway.js';
import { startSimulatedGateway } from './support/simulated.js';
import { CALLERS, gemini, messages, type UsageCaller } from './support/usage-callers.js';
import { usageOf } from './support/usage.js';

const MODELS = [
  'openai/gpt-4.1-mini',
  'anthropic/claude-sonnet-5',
  'google/gemini-2.5-flash',
  'groq/meta-llama/llama-4-maverick-17b-128e-instruct',
  'mistral/mistral-medium-latest',
] as const;

/** An answer so long that a tenth of it is far from nothing, and far from all of it. */
const WORDS = 2000;
const A_TENTH = 200;
const ALL_OF_IT = `[[sim:words ${WORDS}]]`;
/** With a call of the tool, in pieces of eight characters: none of the rows but OpenAI's and Anthropic's streams those. */
const A_LONG_CALL = `[[sim:arguments {"city":"${'x'.repeat(8 * WORDS)}"}]]`;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

const cells = CALLERS.flatMap(caller => MODELS.map(model => [caller.name, model, caller] as const));
const withTools = cells.filter(
  ([caller, model]) => caller !== 'completions' && /^(openai|anthropic)/.test(model),
);

describe.each(cells)('a stream of %s from %s', (_name, model, caller) => {
  it('costs what was produced when the vendor reports an error', async () => {
    const heard = await broken(caller, model, `error-event=${A_TENTH}`);

    expect(heard.text.length).toBeGreaterThan(A_TENTH);
    expect(heard.record).toMatchObject({ outcome: 'cut', status: 200 });
    expectPart(heard, await whole(caller, model));
  });

  it('costs what was produced when the connection to the vendor breaks', async () => {
    const heard = await broken(caller, model, 'cut=50000');

    expect(heard.record).toMatchObject({ outcome: 'cut', status: 200 });
    expectPart(heard, await whole(caller, model));
  });

  it('costs what was produced when its caller leaves', async () => {
    const heard = await left(caller, model, 'pace=1');

    expect(heard.record).toMatchObject({ outcome: 'aborted', errorCode: 'caller_left' });
    expectPart(heard, await whole(caller, model));
  });

  it('costs what was produced when only its ending is missing', async () => {
    const heard = await broken(caller, model, 'end-early');
    const { outputTokens } = await whole(caller, model);

    expect(heard.record.outcome).toBe('cut');
    expect(heard.record.outputTokens).toBeGreaterThan(outputTokens / 2);
    expect(heard.record.outputTokens).toBeLessThan(outputTokens * 2);
    expect(heard.record.costNanoUsd).toBeGreaterThan(0);
  });
});

describe.each(withTools)('a call of a tool, streamed by %s from %s', (_name, model, caller) => {
  it('costs what was produced when the vendor breaks off in it', async () => {
    const heard = await broken(caller, model, `error-event=${A_TENTH}`, A_LONG_CALL);

    // Gemini's callers get a call whole: they have heard nothing yet, and get an honest status.
    expect(heard.record.outcome).toBe(caller.name === 'gemini' ? 'failed' : 'cut');
    expectPart(heard, await whole(caller, model, A_LONG_CALL));
  });

  it('costs what was produced when the caller leaves in it', async () => {
    if (caller.name === 'gemini') {
      return; // it hears nothing of a call before that is whole
    }
    const heard = await left(caller, model, 'pace=1', A_LONG_CALL);

    expect(heard.record.outcome).toBe('aborted');
    expectPart(heard, await whole(caller, model, A_LONG_CALL));
  });
});

/** Where bytes pass as they come, of the two formats that tell what was used before they are done. */
const OWN_PATHS = [
  [
    { ...messages, name: 'Messages at OpenRouter', path: () => '/openrouter/api/v1/messages' },
    'anthropic/claude-sonnet-5',
  ],
  [
    { ...gemini, name: 'Gemini', path: (model: string) => `/google${gemini.path(model, 'streamed')}` },
    'gemini-2.5-flash',
  ],
] as const;

describe.each(OWN_PATHS.map(([caller, model]) => [model, caller] as const))(
  'a stream of %s on its vendor’s own path',
  (model, caller) => {
    it('costs what was produced when the connection to the vendor breaks', async () => {
      const response = await ask(caller, model, `${ALL_OF_IT} [[sim:fault cut=50000]]`);
      await expect(response.text()).rejects.toThrow();
      const heard = await heardIn('', response);

      expect(heard.record).toMatchObject({ outcome: 'cut', status: 200 });
      expectPart(heard, await whole(caller, model));
    });

    it('costs what was produced when its caller leaves', async () => {
      const heard = await left(caller, model, 'pace=1');

      expect(heard.record).toMatchObject({ outcome: 'aborted', errorCode: 'caller_left' });
      expectPart(heard, await whole(caller, model));
    });
  },
);

/** Neither nothing nor all: about as much as the vendor says it has sold. */
function expectPart({ record, sold }: Heard, all: UsageView): void {
  const { outputTokens, inputTokens, costNanoUsd, estimated } = record;
  expect(estimated).toBe(true); // also where the vendor tells with every event what it has used so far
  expect(inputTokens).toBeGreaterThan(0);
  expect(outputTokens).toBeGreaterThan(sold / 3);
  expect(outputTokens).toBeLessThan(sold * 3);
  expect(outputTokens).toBeLessThan(all.outputTokens / 2);
  expect(costNanoUsd).toBeGreaterThan(0);
  expect(costNanoUsd).toBeLessThan((all.costNanoUsd ?? 0) / 2);
}

interface Heard {
  readonly text: string;
  readonly record: UsageView;
  /** Tokens of output that the vendor bills. */
  readonly sold: number;
}

async function ask(
  caller: UsageCaller,
  model: string,
  prompt: string,
  signal?: AbortSignal,
): Promise<Response> {
  const response = await gateway.call(caller.path(model, 'streamed'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify(caller.body(model, { prompt, withTool: prompt.includes('arguments') }, 'streamed')),
    ...(signal && { signal }),
  });
  return response;
}

async function broken(caller: UsageCaller, model: string, fault: string, what = ALL_OF_IT): Promise<Heard> {
  const response = await ask(caller, model, `${what} [[sim:fault ${fault}]]`);
  const text = await response.text();
  return heardIn(text, response);
}

async function left(caller: UsageCaller, model: string, fault: string, what = ALL_OF_IT): Promise<Heard> {
  const leave = new AbortController();
  const response = await ask(caller, model, `${what} [[sim:fault ${fault}]]`, leave.signal);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  expect(response.status).toBe(200);
  while (text.length < 20_000) {
    const { value, done } = (await reader?.read()) ?? { done: true };
    expect({ done, text }).toMatchObject({ done: false });
    text += value ?? '';
  }
  leave.abort();
  await gateway.simulator.untilAborted(1);
  return heardIn(text, response);
}

async function heardIn(text: string, { headers }: Response): Promise<Heard> {
  const record = await usageOf(gateway, headers.get('x-request-id'));
  const [models = {}] = Object.values(gateway.simulator.bill());
  return { text, record, sold: Object.values(models)[0]?.output ?? 0 };
}

const wholes = new Map<string, UsageView>();

/** The same answer to its end. */
async function whole(caller: UsageCaller, model: string, what = ALL_OF_IT): Promise<UsageView> {
  const key = [caller.name, model, what.slice(0, 12)].join();
  let record = wholes.get(key);
  if (!record) {
    const response = await ask(caller, model, what);
    await response.text();
    record = await usageOf(gateway, response.headers.get('x-request-id'));
    expect(record).toMatchObject({ outcome: 'completed', estimated: false });
    wholes.set(key, record);
  }
  return record;
}
