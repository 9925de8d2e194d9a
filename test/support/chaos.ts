import type { Simulator } from '../../apps/simulator/src/server.js';
import { startGateway, type TestGateway } from './gateway.js';
import { affordRetries } from './retries.js';

/** Three vendors that speak OpenAI's chat format and are priced alike: only the chaos tells them apart. */
export const VENDORS = ['together', 'fireworks', 'cerebras'] as const;
export const MODEL = 'chaos-model';
/** One of each vendor. */
export const TARGETS = VENDORS.map(vendor => ({ model: `${vendor}/${MODEL}` }));

const CONCURRENCY = 16;

export interface Call {
  /** `vendor/model`, or the name of a policy. */
  readonly model: string;
  readonly stream?: boolean;
  readonly content?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came of one call, as its caller saw it. */
export interface Answered {
  /** `x-request-id`; null when the gateway did not answer. */
  readonly id: string | null;
  /** 0 when the connection broke. */
  readonly status: number;
  /** The error's, or of a stream that ended with one. */
  readonly code: string | null;
  /** In seconds, as it was told. */
  readonly retryAfter: string | null;
  /** Streamed or whole. */
  readonly text: string;
  /** Until the last byte, in ms. */
  readonly ms: number;
}

export interface ChaosGateway extends TestGateway {
  /** Makes a name stand for targets (all three unless it says otherwise). */
  makePolicy(policy: { readonly name: string; readonly [option: string]: unknown }): Promise<void>;
  /** The same with targets whose health nobody knows yet, and retries for its calls. @returns its name */
  makeFreshPolicy(options?: object): Promise<string>;
  /** Gives the project a key of its own at a vendor. */
  addVendorKey(provider: string, apiKey: string, options?: object): Promise<void>;
  /** As calls for that model or policy would that went well: there are ten retries for the next ones. */
  affordRetries(model: string): void;
  ask(call: Call): Promise<Answered>;
  /** The same call so many times, some at once; in the order in which they were sent. */
  askMany(count: number, call: Call, concurrency?: number): Promise<Answered[]>;
  /** Calls that reached each of the vendors since the last `simulator.reset()`. */
  upstreamCalls(): Readonly<Record<(typeof VENDORS)[number], number>>;
}

/** A gateway with three vendors, all played by the simulator, which the chaos can make fail. */
export async function startChaosGateway(env: Record<string, string> = {}): Promise<ChaosGateway> {
  const gateway = await startGateway(simulator => ({ ...vendorsAt(simulator), ...env }));
  const ask = (call: Call): Promise<Answered> => askOnce(gateway, call);
  let policies = 0;
  const makePolicy: ChaosGateway['makePolicy'] = policy =>
    create('routing-policies', { targets: TARGETS, ...policy });
  const create = async (collection: string, body: object): Promise<void> => {
    const made = await gateway.admin('POST', `/admin/projects/${gateway.projectId}/${collection}`, body);
    expect({ status: made.status, body: made.body }).toMatchObject({ status: 201 });
  };
  return {
    ...gateway,
    makePolicy,
    makeFreshPolicy: async (options = {}) => {
      const name = `policy-${++policies}`;
      affordRetries(gateway, name);
      await makePolicy({
        name,
        targets: VENDORS.map(vendor => ({ model: `${vendor}/${name}` })),
        ...options,
      });
      return name;
    },
    addVendorKey: (provider, apiKey, options = {}) =>
      create('provider-keys', { provider, apiKey, name: apiKey.slice(-4), ...options }),
    affordRetries: model => affordRetries(gateway, model),
    ask,
    askMany: (count, call, concurrency = CONCURRENCY) => times(count, concurrency, () => ask(call)),
    upstreamCalls: () => upstreamCalls(gateway.simulator),
  };
}

/** How often each status came: `{ 200: 1999, 503: 1 }`. */
export function statusesOf(answers: readonly Answered[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) {
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

/** Those that were not answered to the end, of the first few: what they said. */
export function failuresOf(answers: readonly Answered[]): string[] {
  return answers
    .filter(({ status, code }) => status !== 200 || code !== null)
    .map(({ text }) => text)
    .slice(0, 5);
}

/** The time that so many of the answers did not exceed, in ms. @param share such as 0.99 */
export function quantileOf(answers: readonly Answered[], share: number): number {
  const times = answers.map(({ ms }) => ms).toSorted((one, other) => one - other);
  return times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? NaN;
}

function vendorsAt({ url }: Simulator): Record<string, string> {
  return Object.fromEntries(
    VENDORS.flatMap(vendor => {
      const variable = `AI_GATEWAY_PROVIDERS_${vendor.toUpperCase()}`;
      return [
        [`${variable}_BASE_URL`, `${url}/${vendor}/v1`],
        [`${variable}_API_KEY`, `key-of-${vendor}`],
      ];
    }),
  );
}

async function askOnce(gateway: TestGateway, { model, stream = false, content = 'hi', headers }: Call) {
  const startedAt = performance.now();
  const body = { model, stream, messages: [{ role: 'user', content }] };
  let response: Response | null = null;
  let text = '';
  let isBroken = false;
  try {
    response = await gateway.chat(body, { headers });
    text = await response.text();
  } catch {
    isBroken = true;
  }
  return {
    id: response?.headers.get('x-request-id') ?? null,
    status: isBroken ? 0 : (response?.status ?? 0),
    code: codeIn(text),
    retryAfter: response?.headers.get('retry-after') ?? null,
    text,
    ms: performance.now() - startedAt,
  };
}

/** Of an error that is the whole answer, or the last event of a stream. */
function codeIn(text: string): string | null {
  const last = text.startsWith('{') ? text : (/data: (\{"error".*\})\n\n$/.exec(text)?.[1] ?? '{}');
  const { error } = JSON.parse(last) as { error?: { code?: string | null; type?: string } };
  return error ? (error.code ?? error.type ?? 'unknown') : null;
}

async function times<T>(count: number, concurrency: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const at = next++;
      results[at] = await work();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
}

function upstreamCalls(simulator: Simulator): ReturnType<ChaosGateway['upstreamCalls']> {
  const calls = simulator.calls();
  const of = (vendor: string): number =>
    Object.values(calls[vendor] ?? {}).reduce((sum, count) => sum + count.calls, 0);
  return { together: of('together'), fireworks: of('fireworks'), cerebras: of('cerebras') };
}
