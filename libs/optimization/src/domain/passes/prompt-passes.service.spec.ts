import type { GenerationRequest, Target, Turn, Usage } from '@app/dialects';
import { PriceBook } from '@app/providers';
import { Config, RingKey, Secrets } from '@app/shared';
import { TestClock } from '../../../../../test/support/test-clock.js';
import { type PassContext, type PassedPrompt, PromptPasses } from './prompt-passes.service.js';

const MODEL = 'claude-sonnet-4-5';
const LONG = 'word '.repeat(2000); // 2500 tokens
const CONTEXT: PassContext = {
  projectId: 'project-1',
  passes: ['cache_marks'],
  target: targetOf('anthropic', MODEL),
  dialect: 'anthropic-messages',
};

function targetOf(vendor: string, model: string, quirks: Target['quirks'] = {}): Target {
  return { vendor, model, traits: {}, quirks };
}

const say = (role: Turn['role'], text: string): Turn => ({ role, parts: [{ kind: 'text', text }] });

/** A conversation that was asked so many times. */
function asked(times: number, { system = LONG, name = 'a' } = {}): GenerationRequest {
  const turns = Array.from({ length: 2 * times - 1 }, (_, at) =>
    say(at % 2 === 0 ? 'user' : 'assistant', `${name} ${at}`),
  );
  return {
    model: MODEL,
    turns: [...(system ? [say('system', system)] : []), ...turns],
    tools: { list: [] },
    settings: {},
    stream: false,
    streamUsage: false,
    native: { dialect: 'openai-chat', fields: {} },
  };
}

/** Where the marks are: numbers of turns. */
const marksOf = ({ request }: PassedPrompt): number[] =>
  request.turns.flatMap(({ parts }, at) => (parts.some(part => 'cache' in part && part.cache) ? [at] : []));

describe('PromptPasses', () => {
  let clock: TestClock;
  let passes: PromptPasses;

  beforeEach(() => {
    clock = new TestClock();
    passes = new PromptPasses(
      new PriceBook(new Config()),
      clock,
      new Secrets([new RingKey(Buffer.alloc(32, 1))]),
    );
  });

  /** Sends a prompt, and hears what the vendor's cache did with it. */
  function send(
    request: GenerationRequest,
    cache: Partial<Usage> | null = {},
    context: Partial<PassContext> = {},
  ): PassedPrompt {
    const passed = passes.apply(request, { ...CONTEXT, ...context });
    if (passed.trail) {
      passes.learn(passed.trail, cache && { inputTokens: 3000, outputTokens: 10, ...cache });
    }
    clock.advance(10_000);
    return passed;
  }

  it('marks a conversation that goes on and on: what it begins with, and its end', () => {
    const marks = [1, 2, 3, 4].map(times => marksOf(send(asked(times), { cacheWriteTokens: 2500 })));

    expect(marks).toEqual([[], [], [], [0, 7]]);
    expect(marksOf(send(asked(5), { cacheReadTokens: 2500 }))).toEqual([0, 7, 9]);
  });

  it('gives the very request where there is nothing to mark', () => {
    const request = asked(1);

    expect(send(request).request).toBe(request);
  });

  it('changes nothing when it is applied to what it gave', () => {
    [1, 2, 3].forEach(times => send(asked(times)));
    const once = passes.apply(asked(4), CONTEXT);

    expect(marksOf(once)).toEqual([0, 7]);
    expect(passes.apply(once.request, CONTEXT)).toEqual({ request: once.request, trail: null });
  });

  it('never writes for one that comes back too late', () => {
    for (let times = 1; times < 9; times++) {
      expect(marksOf(send(asked(times)))).toEqual([]);
      clock.advance(300_000);
    }
  });

  it('never marks what the client changes each time', () => {
    for (let times = 1; times < 9; times++) {
      expect(marksOf(send(asked(times, { system: `${LONG} It is ${times} o'clock.` })))).toEqual([]);
    }
  });

  it('reads what others wrote from the first call on, and risks at most what that saved', () => {
    [1, 2, 3, 4].forEach(times => send(asked(times), { cacheWriteTokens: 2500 }));
    const other = { name: 'b' };

    expect(marksOf(send(asked(1, other), { cacheReadTokens: 2500 }))).toEqual([0]);
    expect(marksOf(send(asked(2, other)))).toEqual([0, 3]);
  });

  it('does not take for cached what the vendor does not say it cached', () => {
    [1, 2, 3, 4].forEach(times => send(asked(times), {}));

    expect(marksOf(send(asked(1, { name: 'b' })))).toEqual([]);
  });

  it('writes what many conversations in a row began with', () => {
    const marks = ['a', 'b', 'c', 'd', 'e', 'f'].map(name =>
      marksOf(send(asked(1, { name }), { cacheWriteTokens: 2500 })),
    );

    expect(marks).toEqual([[], [], [], [], [], [0]]);
  });

  it.each<[string, Partial<PassContext>]>([
    ['another project', { projectId: 'project-2' }],
    ['another model', { target: targetOf('anthropic', 'claude-sonnet-4') }],
  ])('keeps %s apart', (_, context) => {
    [1, 2, 3].forEach(times => send(asked(times)));

    expect(marksOf(passes.apply(asked(4), CONTEXT))).toEqual([0, 7]);
    expect(marksOf(passes.apply(asked(4), { ...CONTEXT, ...context }))).toEqual([]);
  });

  it.each<[string, Partial<PassContext>]>([
    ['that caches by itself', { target: targetOf('openai', 'gpt-5'), dialect: 'openai-chat' }],
    ['without prices', { target: targetOf('anthropic', 'claude-new-9'), dialect: 'anthropic-messages' }],
    ['whose chat takes no marks', { target: targetOf('other', MODEL), dialect: 'openai-chat' }],
  ])('leaves a vendor %s alone', (_, context) => {
    [1, 2, 3, 4, 5].forEach(times => {
      expect(send(asked(times), {}, context)).toEqual({ request: asked(times), trail: null });
    });
  });

  it('marks for Claude behind a chat that takes marks', () => {
    const target = targetOf('openrouter', 'anthropic/claude-sonnet-4.5', { cacheControl: true });
    const context = { target, dialect: 'openai-chat' };

    expect([1, 2, 3, 4].map(times => marksOf(send(asked(times), {}, context)))).toEqual([[], [], [], [0, 7]]);
  });

  it('leaves a prompt alone that is too short for the model', () => {
    const target = targetOf('anthropic', 'claude-haiku-4-5');

    expect([1, 2, 3, 4, 5].flatMap(times => marksOf(send(asked(times), {}, { target })))).toEqual([]);
  });

  it('leaves a prompt alone that its caller marked', () => {
    const native = {
      dialect: 'anthropic-messages',
      fields: { cache_control: { type: 'ephemeral' } },
    } as const;

    expect([1, 2, 3, 4, 5].flatMap(times => marksOf(send({ ...asked(times), native })))).toEqual([]);
  });

  it('gives a key to what caches by itself, beside whatever else is done, and has nothing to learn from that', () => {
    const context = { passes: ['prompt_cache_key', 'cache_marks'] as const, dialect: 'openai-chat' };
    const target = targetOf('openai', 'gpt-5', { promptCacheKey: true });
    const { request, trail } = send(asked(1), {}, { ...context, target });

    expect(request.settings.promptCacheKey).toMatch(/^[0-9a-f]{32}$/);
    expect(trail).toBeNull();
    expect(send(request, {}, { ...context, target }).request).toBe(request);
    expect(send(asked(1), {}, { target }).request.settings).toEqual({});
  });

  it.each([
    ['calls', {}],
    ['streams that end early', { estimated: true }],
  ])('stops for an hour when ten marked %s have not paid, and then tries anew', (_, told) => {
    for (let times = 1; times <= 13; times++) {
      send(asked(times), { cacheWriteTokens: 2900, ...told });
    }
    expect(passes.apply(asked(14), CONTEXT)).toEqual({ request: asked(14), trail: null });
    clock.advance(3_600_000);
    [1, 2, 3].forEach(times => send(asked(times)));

    expect(marksOf(send(asked(4)))).toEqual([0, 7]);
  });

  it('goes on where reads pay for writes', () => {
    const marks = Array.from({ length: 20 }, (_, at) =>
      marksOf(send(asked(at + 1), { cacheReadTokens: 2000, cacheWriteTokens: 500 })),
    );

    expect(marks.slice(3).every(places => places.length > 0)).toBe(true);
  });

  it('learns nothing of money where no usage was told', () => {
    for (let times = 1; times <= 30; times++) {
      expect(marksOf(send(asked(times), null)).length).toBe(times < 4 ? 0 : 2);
    }
  });
});
