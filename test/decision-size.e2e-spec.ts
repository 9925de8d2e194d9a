import { decisionIn, DecisionRepository, UsageRecorder } from '@app/analytics';
import { Replay } from '../apps/gateway/src/replay/replay.js';
import type { TestGateway } from './support/gateway.js';
import { startSimulatedGateway } from './support/simulated.js';

const TARGETS = [
  'openai/gpt-5',
  'anthropic/claude-sonnet-4-5',
  'google/gemini-2.5-pro',
  'mistral/mistral-large-latest',
  'xai/grok-4',
  'openai/gpt-5-mini',
  'anthropic/claude-haiku-4-5',
  'google/gemini-2.5-flash',
  'mistral/mistral-small-latest',
  'xai/grok-3-mini',
  'openai/gpt-4.1',
  'anthropic/claude-opus-4-1',
  'google/gemini-2.5-flash-lite',
  'groq/llama-3.3-70b-versatile',
  'openai/gpt-4o',
  'openai/gpt-4o-mini',
  'deepseek/deepseek-chat',
  'perplexity/sonar-pro',
  'together/some-model',
  'fireworks/some-model',
];
const STRATEGIES = ['priority', 'weighted', 'cheapest', 'fastest', 'least-busy', 'balanced', 'sticky'];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startSimulatedGateway();
});
afterAll(() => gateway?.stop());

/** The policy answers some calls, so that there is something to know of its targets; of the last: what is kept of it. */
async function textOfCall(strategy: string, candidates: number, body: object = {}): Promise<string> {
  const name = `${strategy}-${candidates}-${Object.keys(body).join()}`;
  const targets = TARGETS.slice(0, candidates).map(model => ({ model }));
  await gateway.admin('POST', `/admin/projects/${gateway.projectId}/routing-policies`, {
    name,
    strategy,
    targets,
  });
  const messages = [{ role: 'user', content: 'Hello' }];
  for (const model of [...TARGETS.slice(0, candidates), name]) {
    const answer = await gateway.chat({ model, messages });
    expect(answer.status).toBe(200);
    await answer.text();
  }
  const answer = await gateway.chat({ model: name, messages, max_tokens: 100, ...body });
  await answer.text();
  await gateway.app.get(UsageRecorder).flush();
  const id = answer.headers.get('x-request-id') ?? '';
  const kept = await gateway.app.get(DecisionRepository, { strict: false }).findById(id);
  return kept?.decision ?? '';
}

/** What was made of the decisions that were kept so. */
function replayed(...texts: readonly string[]): Replay {
  const replay = new Replay();
  texts.forEach((text, at) => replay.add(`call ${at}`, decisionIn(text)));
  return replay;
}

describe('what is kept of a decision', () => {
  it.each(STRATEGIES)('is small, and makes the same plan again: %s', async strategy => {
    const few = await textOfCall(strategy, 3);
    const many = await textOfCall(strategy, 20);

    expect(Buffer.byteLength(few)).toBeLessThanOrEqual(1200);
    expect(Buffer.byteLength(many)).toBeLessThanOrEqual(3000);
    expect(replayed(few, many)).toMatchObject({ decisions: 2, differ: 0, truncated: 0 });
  });

  it('is no larger for wishes that leave most of them out', async () => {
    const text = await textOfCall('priority', 20, { provider: { ignore: ['xai'], only: ['openai', 'xai'] } });

    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(3000);
    expect(decisionIn(text)['plan']).toMatchObject({
      excluded: expect.arrayContaining(['not in provider.only', 'in provider.ignore', null]),
    });
    expect(replayed(text)).toMatchObject({ decisions: 1, differ: 0 });
  });
});
