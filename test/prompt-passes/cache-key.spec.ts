import type { GenerationRequest, Target, Turn } from '@app/dialects';
import { RingKey, Secrets } from '@app/shared';
import { CacheKeys } from '../../libs/optimization/src/domain/passes/cache-keys.js';
import { say, talk } from '../../libs/optimization/src/domain/passes/fixtures.js';
import { TestClock } from '../support/test-clock.js';
import { draws } from './agent-sessions.js';
import { RoutedCache } from './routed-cache.js';

const target: Target = { vendor: 'openai', model: 'gpt-5', traits: {}, quirks: { promptCacheKey: true } };
const MINUTE_MS = 60_000;

interface Application {
  readonly callsPerMinute: number;
  readonly instructionTokens: number;
  readonly turns: number;
}

/** The share of prompts that came from the cache, in half an hour of conversations. */
function cachedShare({ callsPerMinute, instructionTokens, turns }: Application, isKeyed: boolean): number {
  const clock = new TestClock();
  const random = draws(7);
  const cache = new RoutedCache(() => clock.ticks(), random);
  const keys = new CacheKeys(new Secrets([new RingKey(Buffer.alloc(32, 1))]), clock);
  const open: Turn[][] = [];
  let [input, cached] = [0, 0];
  for (let call = 0; call < callsPerMinute * 30; call++) {
    const goesOn = open.length > callsPerMinute && random() < 1 - 1 / turns;
    const said = goesOn
      ? (open.shift() as Turn[])
      : [say('system', 'be brief '.repeat(instructionTokens / 2.25))];
    said.push(say('user', `${call}: ${'and then '.repeat(60)}`));
    const request: GenerationRequest = talk([...said]);
    const { promptCacheKey } = (isKeyed ? keys.set(request, 'p', target) : request).settings;
    const pieces = said.map(({ parts }) => {
      const text = JSON.stringify(parts);
      return { text, tokens: Math.ceil(text.length / 4) };
    });
    input += pieces.reduce((sum, { tokens }) => sum + tokens, 0);
    cached += cache.read(pieces, promptCacheKey);
    said.push(say('assistant', 'well, well '.repeat(40)));
    open.push(said);
    clock.advance(MINUTE_MS / callsPerMinute);
  }
  return cached / input;
}

describe('cache keys', () => {
  it.each<[string, Application, number]>([
    ['few calls', { callsPerMinute: 6, instructionTokens: 2000, turns: 8 }, 0],
    ['few calls that begin with little', { callsPerMinute: 6, instructionTokens: 300, turns: 8 }, 0],
    ['many calls', { callsPerMinute: 60, instructionTokens: 2000, turns: 8 }, 0.1],
    ['very many calls', { callsPerMinute: 400, instructionTokens: 2000, turns: 8 }, 0.1],
    ['many calls of one turn', { callsPerMinute: 60, instructionTokens: 2000, turns: 1 }, 0],
    ['many calls that begin with little', { callsPerMinute: 60, instructionTokens: 300, turns: 8 }, 0.1],
  ])('have as much come from the cache as before, or more, of %s', (name, application, gain) => {
    const [without, keyed] = [cachedShare(application, false), cachedShare(application, true)];
    process.stdout.write(
      `${name}: ${(100 * without).toFixed(1)} % cached, with keys ${(100 * keyed).toFixed(1)} %\n`,
    );

    expect(keyed).toBeGreaterThanOrEqual(without + gain);
  });
});
