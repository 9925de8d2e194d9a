/** What `npm run prove:money` would find: a proof that cannot fail proves nothing. */
interface Judges {
  readonly Findings: new () => { lines(): string[] };
  readonly checkLimits: (findings: object, run: object, receipts: ReadonlyMap<string, object>) => void;
  readonly checkTold: (findings: object, about: object) => void;
  readonly toldCosts: (headers: Readonly<Record<string, string>>, text: string) => object;
  readonly checkMinutes: (findings: object, about: object) => unknown;
}

const REQUESTS = { name: 'requests', limits: { requestsPerMinute: 3 } };
const OPEN = { name: 'calls', limits: { concurrentCalls: 2 } };
const MINUTE = { name: 'minute', budget: { limitUsd: 1e-6 } };
const CUT = { of: 'redis', from: 100, to: 6000 };

let judges: Judges;
beforeAll(async () => {
  const files = ['findings', 'limits', 'minute', 'told'].map(name => `../prove/${name}.mjs`);
  const modules = await Promise.all(files.map(file => import(file) as Promise<object>));
  judges = Object.assign({}, ...modules) as Judges;
});

/** A call that was answered so many ms after it was made. */
function call(project: { readonly name: string }, at: number, ms: number, more: object = {}): object {
  const answered = { heardAt: at + ms, until: at + ms, status: 200, end: 'whole', text: '' };
  return { project, name: `${project.name}-${at}`, id: `${at}`, at, skewMs: 0, ...answered, ...more };
}

function calls(project: { readonly name: string }, times: readonly number[], ms = 5): object[] {
  return times.map(at => call(project, at, ms));
}

function limitsFound(redis: string, made: object[], more: object = {}): string[] {
  const findings = new judges.Findings();
  const run = { gateways: [{}, {}], settings: { redis }, troubles: [], limits: [], calls: made, ...more };
  judges.checkLimits(findings, { projects: [REQUESTS, OPEN], ...run }, new Map());
  return findings.lines().filter(line => !line.startsWith(' '));
}

function minutesFound(made: object[], costNanoUsd = 500): string[] {
  const findings = new judges.Findings();
  const receipts = new Map([['minute-1000', [{ costNanoUsd }]]]);
  judges.checkMinutes(findings, { project: MINUTE, calls: made, receipts, ledger: [], end: 60_000 });
  return findings.lines().filter(line => !line.startsWith(' '));
}

function refused(at: number, reset: string): object {
  return call(MINUTE, at, 5, { status: 402, text: `wait for 1970-01-01T00:${reset}.000Z, or` });
}

describe('the proof of limits', () => {
  it('finds a request too many in any minute, and none in more than one', () => {
    expect(limitsFound('open', calls(REQUESTS, [0, 10, 20, 59_000]))).toEqual([
      'too many requests were let in (1)',
    ]);
    expect(limitsFound('open', calls(REQUESTS, [0, 10, 20, 61_000]))).toEqual([]);
  });

  it('lets each gateway count alone where there is no Redis, or as long as it is away', () => {
    const [six, seven] = [6, 7].map(count => calls(REQUESTS, [...Array(count).keys()]));
    expect(limitsFound('none', six ?? [])).toEqual([]);
    expect(limitsFound('none', seven ?? [])).toEqual(['too many requests were let in (1)']);
    expect(limitsFound('open', six ?? [], { troubles: [CUT] })).toEqual([]);
    expect(limitsFound('open', seven ?? [], { troubles: [CUT] })).toEqual([
      'too many requests were let in (1)',
    ]);
    expect(limitsFound('closed', seven ?? [], { troubles: [CUT] })).toEqual([
      'too many requests were let in (1)',
    ]);
  });

  it('finds who was let in uncounted', () => {
    const made = calls(REQUESTS, [1000]);
    expect(limitsFound('closed', made, { troubles: [CUT] })).toEqual([
      'a call was let in that nobody has counted (1)',
    ]);
  });

  it('finds an open call too many', () => {
    expect(limitsFound('open', calls(OPEN, [0, 1, 2], 1100))).toEqual(['too many calls were open (1)']);
    expect(limitsFound('open', calls(OPEN, [0, 1, 2200], 1100))).toEqual([]);
  });

  it.each([2, 4])('finds a limit of 3 that lets %i in', letIn => {
    const limits = [{ project: REQUESTS, limit: 3, letIn }];
    expect(limitsFound('open', [], { limits })).toEqual(['a limit is not exact (1)']);
  });
});

describe('the proof of a budget of a minute', () => {
  it('finds what was billed in excess of it', () => {
    expect(minutesFound([call(MINUTE, 1000, 5)], 1001)).toEqual(['a budget was EXCEEDED in a minute (1)']);
    expect(minutesFound([call(MINUTE, 1000, 5)], 1000)).toEqual([]);
  });

  it('finds a reset that is not that of the minute, by the clock of the gateway', () => {
    expect(minutesFound([refused(2000, '01:00')])).toEqual([]);
    expect(minutesFound([refused(2000, '02:00')])).toEqual([
      'a refused call was not told when the budget begins anew (1)',
    ]);
  });

  it('finds a reset that does not come true', () => {
    expect(minutesFound([refused(61_000, '02:00')])).toEqual([
      'a budget did not begin anew when it should (1)',
    ]);
  });
});

function toldFound(headers: Readonly<Record<string, string>>, text: string, streamed = false): string[] {
  const findings = new judges.Findings();
  const told = judges.toldCosts(headers, text);
  judges.checkTold(findings, { call: { streamed, told }, record: { costNanoUsd: 2000 } });
  return findings.lines().filter(line => !line.startsWith(' '));
}

describe('what callers are told that their calls cost', () => {
  const costs = { usage: { cost: 2e-6 }, x_llmhub: { cost: 2e-6 } };
  const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

  it.each([
    ['a whole answer', { 'x-llmhub-cost-usd': '0.000002000' }, JSON.stringify(costs), false],
    [
      'a stream',
      EVENT_STREAM,
      `data: {"usage":{"cost":0}}\n\ndata: ${JSON.stringify(costs)}\n\ndata: [DONE]\n\n`,
      true,
    ],
    ['a streamed response', EVENT_STREAM, `data: ${JSON.stringify({ response: costs })}\n\n`, true],
    [
      'generated content',
      { 'x-llmhub-cost-usd': '0.000002000' },
      JSON.stringify({ usageMetadata: costs.usage, x_llmhub: costs.x_llmhub }),
      false,
    ],
  ])('is found in %s', (_, headers, text, streamed) => {
    expect(toldFound(headers, text, streamed)).toEqual([]);
  });

  it.each([
    ['header', { 'x-llmhub-cost-usd': '0.000006000' }, costs],
    ['usage', { 'x-llmhub-cost-usd': '0.000002000' }, { ...costs, usage: { cost: 6e-6 } }],
    ['x_llmhub', { 'x-llmhub-cost-usd': '0.000002000' }, { ...costs, x_llmhub: { cost: null } }],
    ['header', {}, costs],
    ['usage', { 'x-llmhub-cost-usd': '0.000002000' }, { x_llmhub: costs.x_llmhub }],
  ])('is missed, or other than the ledger says: %s', (place, headers, body) => {
    expect(toldFound(headers, JSON.stringify(body))).toEqual([expect.stringContaining(`(${place})`)]);
  });
});
