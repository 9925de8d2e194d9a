import type { UsageView } from '../libs/analytics/src/api/usage.dto.js';
import type { TestGateway } from './support/gateway.js';
import { startSimulatedGateway } from './support/simulated.js';
import {
  CALLERS,
  chat,
  endingOf,
  gemini,
  messages,
  responses,
  type UsageCaller,
  type Way,
} from './support/usage-callers.js';
import { usageOf } from './support/usage.js';

/** Nano-USD for a token of each kind: primes, so that no mistake looks like another sum. */
const RATES = {
  input: 1009,
  cached: 103,
  written: 1259,
  hourly: 2003,
  audioIn: 5003,
  imageIn: 709,
  output: 4001,
  reasoning: 6007,
  audioOut: 8009,
};

const FIELDS: Readonly<Record<keyof typeof RATES, string>> = {
  input: 'input_cost_per_token',
  cached: 'cache_read_input_token_cost',
  written: 'cache_creation_input_token_cost',
  hourly: 'cache_creation_input_token_cost_above_1hr',
  audioIn: 'input_cost_per_audio_token',
  imageIn: 'input_cost_per_image_token',
  output: 'output_cost_per_token',
  reasoning: 'output_cost_per_reasoning_token',
  audioOut: 'output_cost_per_audio_token',
};

const MODELS = {
  openai: 'openai/gpt-4.1-mini',
  anthropic: 'anthropic/claude-sonnet-5',
  google: 'google/gemini-2.5-flash',
  groq: 'groq/meta-llama/llama-4-maverick-17b-128e-instruct',
  deepseek: 'deepseek/deepseek-v4-pro',
  xai: 'xai/grok-4',
  mistral: 'mistral/mistral-medium-latest',
  openrouter: 'openrouter/openai/gpt-4.1-mini',
} as const;

type VendorId = keyof typeof MODELS;

const ALL = Object.keys(MODELS) as VendorId[];

/** Tokens of each kind, none counted twice. */
type Kinds = Partial<Record<keyof typeof RATES, number>>;

interface Row {
  readonly kind: string;
  /** As the simulator is told it: see its README. */
  readonly told: string;
  readonly kinds: Kinds;
  /** Those whose format has a word for it. */
  readonly vendors: readonly VendorId[];
  readonly withTool?: boolean;
  /** Nano-USD, where the vendor says what it charged. */
  readonly charged?: number;
  /** OpenAI's Responses has no such tokens. */
  readonly notResponses?: boolean;
}

const ROWS: readonly Row[] = [
  { kind: 'plain', told: 'input=1000,output=200', kinds: { input: 1000, output: 200 }, vendors: ALL },
  {
    kind: 'cache read',
    told: 'input=3000,cached=2000,output=100',
    kinds: { input: 1000, cached: 2000, output: 100 },
    vendors: ALL,
  },
  {
    kind: 'cache write',
    told: 'input=3000,written=1500,output=100',
    kinds: { input: 1500, written: 1500, output: 100 },
    vendors: ['openai', 'anthropic', 'openrouter'],
  },
  {
    kind: 'cache read and write, a part of it for an hour',
    told: 'input=9000,cached=2000,written=6000,hourly=4000,output=100',
    kinds: { input: 1000, cached: 2000, written: 2000, hourly: 4000, output: 100 },
    vendors: ['anthropic'],
  },
  {
    kind: 'reasoning',
    told: 'input=100,output=900,reasoning=700',
    kinds: { input: 100, output: 200, reasoning: 700 },
    vendors: ALL.filter(vendor => vendor !== 'mistral'),
  },
  {
    kind: 'audio in',
    told: 'input=1200,audio-in=1000,output=50',
    kinds: { input: 200, audioIn: 1000, output: 50 },
    vendors: ['openai', 'google'],
    notResponses: true,
  },
  {
    kind: 'audio out',
    told: 'input=100,output=900,audio-out=800',
    kinds: { input: 100, output: 100, audioOut: 800 },
    vendors: ['openai'],
    notResponses: true,
  },
  {
    kind: 'pictures in',
    told: 'input=1300,image-in=1000,output=50',
    kinds: { input: 300, imageIn: 1000, output: 50 },
    vendors: ['google', 'openrouter'],
  },
  {
    kind: 'a tool call',
    told: 'input=700,output=60',
    kinds: { input: 700, output: 60 },
    vendors: ALL,
    withTool: true,
  },
  {
    kind: 'a charge of the vendor',
    told: 'input=1000,output=200,cost=0.0123',
    kinds: { input: 1000, output: 200 },
    vendors: ['openrouter'],
    charged: 12_300_000,
  },
];

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
  const price = Object.fromEntries(
    Object.entries(FIELDS).map(([kind, field]) => [field, RATES[kind as keyof typeof RATES] / 1e9]),
  );
  const prices = Object.fromEntries(Object.values(MODELS).map(model => [model, price]));
  const { status } = await gateway.admin('PUT', '/admin/prices', { prices });
  expect(status).toBe(200);
});
afterAll(() => gateway?.stop());

const cells = ROWS.flatMap(row => row.vendors.map(vendor => [row.kind, vendor, row] as const));

describe('usage is one shape', () => {
  it.each(cells)(
    '%s at %s: the same tokens and the same cost in every API and every way',
    async (...cell) => {
      const [, vendor, row] = cell;
      const found: Record<string, unknown> = {};
      const expected: Record<string, unknown> = {};
      for (const caller of CALLERS.filter(({ name }) => isOf(row, vendor, name))) {
        for (const way of caller.ways) {
          found[`${caller.name} ${way}`] = await measured(row, vendor, caller, way);
          expected[`${caller.name} ${way}`] = due(row, way);
        }
      }

      expect(found).toEqual(expected);
    },
  );
});

/** A vendor's own path: bytes as they come, so that only the record can tell the cost. */
const OWN_PATHS: Partial<Record<VendorId, readonly (readonly [UsageCaller, path: string])[]>> = {
  openai: [
    [chat, '/openai/v1'],
    [responses, '/openai/v1'],
  ],
  anthropic: [[messages, '/anthropic']],
  google: [[gemini, '/google']],
  groq: [[chat, '/groq/openai/v1']],
  deepseek: [[chat, '/deepseek']],
  xai: [[chat, '/xai/v1']],
  mistral: [[chat, '/mistral/v1']],
  openrouter: [[chat, '/openrouter/api/v1']],
};

describe('the paths of a vendor', () => {
  it.each(cells)('%s at %s: the record has the same', async (_kind, vendor, row) => {
    const found: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    const callers = OWN_PATHS[vendor] ?? [];
    for (const [caller, path] of callers.filter(([{ name }]) => isOf(row, vendor, name))) {
      for (const way of waysOf(vendor, caller)) {
        const own = {
          ...caller,
          path: (model: string) => caller.path(model, way).replace(/^\/v1(?!beta)/, ''),
        };
        const model = MODELS[vendor].slice(vendor.length + 1);
        const ask = { model, prompt: promptOf(row), withTool: row.withTool };
        const { id } = await endingOf(gateway, { ...own, path: m => path + own.path(m) }, ask, way);
        found[`${caller.name} ${way}`] = pick(await usageOf(gateway, id));
        expected[`${caller.name} ${way}`] = due(row, way).record;
      }
    }

    expect(found).toEqual(expected);
  });
});

/** Without being asked, only Mistral tells the usage of a stream, and cannot be asked. */
function waysOf(vendor: VendorId, { ways }: UsageCaller): Way[] {
  return ways.filter(way => way !== (vendor === 'mistral' ? 'streamed' : 'unasked'));
}

function promptOf({ told }: Row): string {
  return `Hello. [[sim:usage ${told}]]`;
}

function isOf({ withTool, notResponses }: Row, vendor: VendorId, caller: string): boolean {
  return caller === 'completions'
    ? !withTool
    : !(notResponses && caller === 'responses' && vendor === 'openai');
}

async function measured(row: Row, vendor: VendorId, caller: UsageCaller, way: Way): Promise<object> {
  const ask = { model: MODELS[vendor], prompt: promptOf(row), withTool: row.withTool };
  const { id, usage, llmhubCost, headerCost, told } = await endingOf(gateway, caller, ask, way);
  return { record: pick(await usageOf(gateway, id)), usage, llmhubCost, headerCost, told };
}

function pick(record: UsageView): object {
  return {
    inputTokens: record.inputTokens,
    cacheReadTokens: record.cacheReadTokens,
    cacheWriteTokens: record.cacheWriteTokens,
    outputTokens: record.outputTokens,
    reasoningTokens: record.reasoningTokens,
    audioInputTokens: record.audioInputTokens,
    audioOutputTokens: record.audioOutputTokens,
    estimated: record.estimated,
    costNanoUsd: record.costNanoUsd,
  };
}

function due({ kinds, charged }: Row, way: Way): Record<'record', object> & Record<string, unknown> {
  const { input = 0, cached = 0, written = 0, hourly = 0, audioIn = 0, imageIn = 0 } = kinds;
  const { output = 0, reasoning = 0, audioOut = 0 } = kinds;
  const nano = charged ?? costOf(kinds);
  const inputTokens = input + cached + written + hourly + audioIn + imageIn;
  const outputTokens = output + reasoning + audioOut;
  const isTold = way !== 'unasked';
  return {
    record: {
      inputTokens,
      cacheReadTokens: cached,
      cacheWriteTokens: written + hourly,
      outputTokens,
      reasoningTokens: reasoning,
      audioInputTokens: audioIn,
      audioOutputTokens: audioOut,
      estimated: false,
      costNanoUsd: nano,
    },
    usage: isTold ? { input: inputTokens, output: outputTokens, cost: nano / 1e9 } : null,
    llmhubCost: isTold ? nano / 1e9 : undefined,
    headerCost: way === 'whole' ? nano / 1e9 : null,
    told: isTold ? 1 : 0,
  };
}

function costOf(kinds: Kinds): number {
  return Object.entries(kinds).reduce((sum, [kind, tokens]) => sum + tokens * RATES[kind as keyof Kinds], 0);
}
