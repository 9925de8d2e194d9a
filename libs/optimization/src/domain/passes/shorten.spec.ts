import type { GenerationRequest, Target } from '@app/dialects';
import type { PromptPass } from '@app/shared';
import { callOf, saidIn, say, talk } from './fixtures.js';
import { shorten } from './shorten.js';

const ALL: readonly PromptPass[] = ['json_whitespace', 'duplicate_context'];
const to = (model: string) => ({
  target: { vendor: 'v', model, traits: {}, quirks: {} } satisfies Target,
  dialect: 'openai-chat',
});
const rows = JSON.stringify(
  Array.from({ length: 100 }, (_, at) => ({ at, name: 'row' })),
  null,
  2,
);
/** So many tokens, by our estimate, and what can be made shorter behind them. */
const behind = (tokens: number, some: Partial<GenerationRequest> = {}): GenerationRequest =>
  talk([say('user', 'word'.repeat(tokens)), ...callOf('1', rows), ...callOf('2', rows)], some);

describe('shorten', () => {
  it('makes one cut after another, and tells what each left out', () => {
    const { request, cut } = shorten(behind(2000), ALL, to('gpt-5'));
    const [, first, second] = saidIn(request);

    expect(first).toBe(JSON.stringify(JSON.parse(rows)));
    expect(second).toMatch(/^\[Unchanged: /);
    expect(Object.keys(cut ?? {})).toEqual(ALL);
    expect(cut?.json_whitespace).toBe(2 * 2 * (rows.split('\n').length - 1));
    expect(shorten(request, ALL, to('gpt-5'))).toEqual({ request, cut: null });
  });

  it('makes the cuts that are wanted, and no other', () => {
    const { request, cut } = shorten(behind(2000), ['tool_order', 'duplicate_context'], to('gpt-5'));

    expect(Object.keys(cut ?? {})).toEqual(['duplicate_context']);
    expect(saidIn(request)[1]).toBe(rows);
    expect(shorten(behind(2000), ['tool_order', 'cache_marks'], to('gpt-5')).cut).toBeNull();
  });

  it.each([
    ['gpt-5', 1024],
    ['claude-sonnet-4-5', 1024],
    ['claude-haiku-4-5', 4096],
    ['claude-of-tomorrow', 4096],
    ['gemini-2.5-pro', 4096],
  ])('leaves as much of the beginning as %s has to see before it caches anything', (model, least) => {
    const short = behind(least);
    const long = behind(Math.ceil(least * 1.3));

    expect(saidIn(shorten(short, ['json_whitespace'], to(model)).request)[1]).toBe(rows);
    expect(saidIn(shorten(long, ['json_whitespace'], to(model)).request)[1]).not.toBe(rows);
  });

  it('leaves a prompt alone that its caller marked', () => {
    const fields = { cache_control: { type: 'ephemeral' } };
    const marked = behind(2000, { native: { dialect: 'anthropic-messages', fields } });

    expect(shorten(marked, ALL, to('claude-sonnet-4-5'))).toEqual({ request: marked, cut: null });
  });
});
