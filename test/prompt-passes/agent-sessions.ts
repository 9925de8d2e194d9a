/** One session of an agent or a chat: what is asked, when, and how much of it. */
export interface AgentSession {
  readonly id: number;
  /** Sessions of one application have tools and instructions in common. */
  readonly app: App;
  /** Of the first call, in ms. */
  readonly startsAt: number;
  readonly steps: readonly Step[];
}

export interface App {
  readonly name: string;
  readonly model: string;
  /** Of 4 characters each, as all here. */
  readonly toolTokens: number;
  readonly systemTokens: number;
}

/** One call. */
export interface Step {
  /** Since the last answer ended, in ms. */
  readonly afterMs: number;
  readonly says: 'user' | 'results';
  /** What it adds to the conversation. */
  readonly tokens: number;
  readonly answerTokens: number;
  /** What the client does to what was said before, which breaks the prefix: it sums it up, or puts the time into the instructions. */
  readonly edit?: 'summary' | 'clock';
}

const MINUTE_MS = 60_000;
const APPS: readonly App[] = [
  { name: 'coder', model: 'claude-sonnet-4-5', toolTokens: 5000, systemTokens: 3000 },
  { name: 'researcher', model: 'claude-haiku-4-5', toolTokens: 1500, systemTokens: 700 },
  { name: 'support', model: 'claude-sonnet-4-5', toolTokens: 300, systemTokens: 2500 },
  { name: 'chat', model: 'claude-opus-4-1', toolTokens: 0, systemTokens: 200 },
];

/** Twenty sessions of two hours, of four applications; the same every time. */
export function agentSessions(seed: number, count = 20): readonly AgentSession[] {
  const random = draws(seed);
  const sessions: AgentSession[] = [];
  let at = 0;
  for (let id = 0; id < count; id++) {
    // A third begins beside the one before, the others some minutes later.
    at += random() < 0.35 ? random() * 10_000 : random() * 10 * MINUTE_MS;
    const app = APPS[Math.floor(random() ** 1.5 * APPS.length)] as App;
    sessions.push({ id, app, startsAt: Math.round(at), steps: stepsOf(app, random) });
  }
  return sessions;
}

type Draw = () => number;

function stepsOf(app: App, random: Draw): readonly Step[] {
  const calls = callsOf(random);
  const breaks = random() < 0.25; // a client that edits what was said
  return Array.from({ length: calls }, (_, call) => stepOf(call, { app, random, breaks }));
}

/** One and two calls are common; the longer a session is, the longer it goes on. */
function callsOf(random: Draw): number {
  const kind = random();
  if (kind < 0.12) {
    return 1;
  }
  return kind < 0.25 ? 2 : Math.min(40, 3 + Math.floor((1 / (1 - random() * 0.97) - 1) * 5));
}

interface StepContext {
  readonly app: App;
  readonly random: Draw;
  readonly breaks: boolean;
}

function stepOf(call: number, { app, random, breaks }: StepContext): Step {
  const loops = call > 0 && random() < (app.toolTokens > 1000 ? 0.85 : app.toolTokens > 0 ? 0.3 : 0);
  const isLong = random() < (loops ? 0.02 : 0.15);
  const pause = isLong ? (5 + random() * 15) * MINUTE_MS : random() * (loops ? 20_000 : 2 * MINUTE_MS);
  const edits = breaks && call > 0 && random() < 0.15;
  return {
    afterMs: Math.round(pause),
    says: loops ? 'results' : 'user',
    tokens: Math.round(loops ? 50 + random() ** 3 * 4000 : 20 + random() ** 2 * 600),
    answerTokens: Math.round(20 + random() ** 2 * 400),
    ...(edits && { edit: random() < 0.7 ? ('summary' as const) : ('clock' as const) }),
  };
}

/** Mulberry32. */
export function draws(seed: number): Draw {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
