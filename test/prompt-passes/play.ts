import {
  anthropicMessagesVendor,
  type GenerationRequest,
  Losses,
  type Target,
  type Usage,
} from '@app/dialects';
import { PriceBook } from '@app/providers';
import { Config, type PromptPass, RingKey, Secrets } from '@app/shared';
import { type Block, MarkedPrefixes } from '../../apps/simulator/src/answering/marked-prefixes.js';
import { PromptPasses } from '../../libs/optimization/src/domain/passes/prompt-passes.service.js';
import { TestClock } from '../support/test-clock.js';
import type { AgentSession, Step } from './agent-sessions.js';
import { type Content, SessionRequests } from './session-requests.js';

/** What the prompts of a session cost, in tokens of the input's price. */
export interface SessionCost {
  readonly id: number;
  readonly calls: number;
  cost: number;
  baseline: number;
}

/** The vendor counts otherwise than the gateway guesses (4 characters a token). */
const CHARACTERS_PER_TOKEN = 3.6;
const TTFT_MS = 1500;
const LEAST: Readonly<Record<string, number>> = { 'claude-haiku-4-5': 4096 };
const READ = 0.1;
const WRITE = 1.25;

export interface Play {
  readonly passes: readonly PromptPass[];
  readonly content: Content;
  /** `told`: the vendor caches what is marked, and charges more for it; `automatic`: all that it sees, for nothing. */
  readonly caches: 'told' | 'automatic';
}

const MARKS_ALONE: Play = { passes: ['cache_marks'], content: 'plain', caches: 'told' };
const KEEP_MS = 300_000;

interface Event {
  readonly at: number;
  run(): void;
}

/** Plays sessions beside each other, as they would be, through the passes and to a vendor with a prompt cache. */
export function play(
  sessions: readonly AgentSession[],
  { passes: wanted, content, caches }: Play = MARKS_ALONE,
): readonly SessionCost[] {
  const clock = new TestClock();
  const passes = new PromptPasses(
    new PriceBook(new Config()),
    clock,
    new Secrets([new RingKey(Buffer.alloc(32, 1))]),
  );
  const cache = new MarkedPrefixes(() => clock.ticks(), TTFT_MS);
  const cacheWithout = new MarkedPrefixes(() => clock.ticks(), TTFT_MS);
  const events: Event[] = [];
  const costs = sessions.map(session => {
    const cost: SessionCost = { id: session.id, calls: session.steps.length, cost: 0, baseline: 0 };
    const requests = new SessionRequests(session, content);
    const { model } = session.app;
    const target: Target = { vendor: 'anthropic', model, traits: {}, quirks: {} };
    const context = { projectId: 'p', passes: wanted, target, dialect: 'anthropic-messages' };
    const least = LEAST[model] ?? 1024;
    const sent = (request: GenerationRequest): readonly Block[] =>
      blocksOf(anthropicMessagesVendor.writeRequest(request, target, new Losses(name => name)), caches);
    const ask = (call: number, step: Step): void => {
      const asked = requests.next(call, step);
      const { request, trail } = passes.apply(asked, context);
      const { paid, input, cached, written } = paidFor(sent(request), { cache, model, least, caches });
      cost.baseline += paidFor(sent(asked), { cache: cacheWithout, model, least, caches }).paid;
      cost.cost += paid;
      const usage: Usage = {
        inputTokens: input,
        cacheReadTokens: cached,
        cacheWriteTokens: written,
        outputTokens: 0,
      };
      events.push({
        at: clock.ticks() + TTFT_MS + step.answerTokens * 15,
        run: () => answered(call, trail, usage),
      });
    };
    const answered = (
      call: number,
      trail: ReturnType<PromptPasses['apply']>['trail'],
      usage: Usage,
    ): void => {
      if (trail) {
        passes.learn(trail, usage);
      }
      const next = session.steps[call + 1];
      if (next) {
        events.push({ at: clock.ticks() + next.afterMs, run: () => ask(call + 1, next) });
      }
    };
    const [first] = session.steps;
    if (first) {
      events.push({ at: session.startsAt, run: () => ask(0, first) });
    }
    return cost;
  });
  while (events.length > 0) {
    const next = events.reduce((soonest, event) => (event.at < soonest.at ? event : soonest));
    events.splice(events.indexOf(next), 1);
    clock.advance(next.at - clock.ticks());
    next.run();
  }
  return costs;
}

interface Paying {
  readonly cache: MarkedPrefixes;
  readonly model: string;
  readonly least: number;
  readonly caches: Play['caches'];
}

/** In tokens of the input's price. */
function paidFor(blocks: readonly Block[], { cache, model, least, caches }: Paying) {
  const input = blocks.reduce((sum, { tokens }) => sum + tokens, 0);
  const { cached, written: added } = cache.measure(model, blocks, least);
  const written = caches === 'told' ? added : 0;
  return { input, cached, written, paid: input - cached - written + cached * READ + written * WRITE };
}

interface Marked {
  readonly cache_control?: unknown;
}

/** What is written for the vendor, block by block in the order that it is read. */
function blocksOf(body: Record<string, unknown>, caches: Play['caches']): readonly Block[] {
  const { tools = [], system = [], messages = [] } = body as Record<string, readonly Marked[]>;
  const said = (
    messages as readonly { readonly role: string; readonly content: readonly Marked[] }[]
  ).flatMap(({ role, content }) => content.map(block => ({ role, ...block })));
  return [...tools, ...system, ...said].map(({ cache_control: mark, ...block }) => {
    const text = JSON.stringify(block);
    const keepMs = mark || caches === 'automatic' ? KEEP_MS : undefined;
    return { text, tokens: Math.ceil(text.length / CHARACTERS_PER_TOKEN), keepMs };
  });
}
