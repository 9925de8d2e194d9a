import { Modality } from '@google/genai';
import { LIVE_MODEL, Talk } from '../apps/simulator/test/support/gemini-talk.js';
import { OpenStreams, ShuttingDownError } from '../libs/inference/src/index.js';
import { LiveGround } from './support/live-ground.js';

const PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const IN_WORDS = { responseModalities: [Modality.TEXT] };
const asked = (text: string) => ({ turns: [{ role: 'user', parts: [{ text }] }] });
/** A vendor's own session, one between two protocols, and one that the gateway holds. */
const MODELS = [LIVE_MODEL, 'openai/gpt-realtime', 'anthropic/claude-sonnet-5'];

const ground = new LiveGround({ AI_GATEWAY_REALTIME_SESSION_MS: '3000' });
let talk: Talk;

beforeEach(() => {
  talk = new Talk();
});
afterEach(() => {
  talk.session?.close();
  ground.gateway.simulator.chaos([]);
});

/** Google's own client is told that, and then sees the session closed. */
async function ends(close: number, code: string, message: unknown = expect.any(String)): Promise<void> {
  const { code: closed, reason } = await talk.untilClosed();
  const last = talk.messages.at(-1) as { xLlmhub?: { error?: { message?: string } } } | undefined;
  expect({ closed, last }).toMatchObject({
    closed: close,
    last: { goAway: { timeLeft: '0s' }, xLlmhub: { error: { code, message } } },
  });
  expect(last?.xLlmhub?.error?.message?.startsWith(reason)).toBe(true);
}

function budget(limitUsd: number): Promise<unknown> {
  const at = `/admin/projects/${ground.projectId}/budgets`;
  return ground.gateway.admin('POST', at, { name: 'talk', limitUsd, period: 'total', hard: true });
}

describe("Google's own live client is told why its session ends", () => {
  it.each(MODELS)('when the gateway stops: %s', async model => {
    await talk.open(ground.google(), IN_WORDS, model);
    ground.gateway.app.get(OpenStreams).terminateAll(new ShuttingDownError());
    await ends(1001, 'shutting_down');
  });

  it.each(MODELS)('when it has lasted long enough: %s', async model => {
    await talk.open(ground.google(), IN_WORDS, model);
    await ends(1008, 'session_expired', 'A session lasts 3 seconds at most. Open another one to go on.');
  });

  it.each([
    [LIVE_MODEL, 0.062],
    ['openai/gpt-realtime', 0.4],
    ['anthropic/claude-sonnet-5', 0.000001],
  ])('when its budget is used up: %s', async (model, limitUsd) => {
    await budget(limitUsd);
    const session = await talk.open(ground.google(), IN_WORDS, model);
    session.sendClientContent(asked('[[sim:count 2000]]'));
    await ends(1008, 'budget_exceeded');
  });

  it('when the tokens of the minute are used up', async () => {
    await ground.newProject({ tokensPerMinute: 10 });
    const session = await talk.open(ground.google(), IN_WORDS);
    session.sendClientContent(asked('one two three four five six'));
    await ends(1008, 'rate_limit_exceeded');
  });

  it('when nobody can go on with it', async () => {
    const session = await talk.open(ground.google(), IN_WORDS);
    session.sendClientContent(asked('one two three [[sim:fault close=1011,cut-frames=2,times=1]]'));
    ground.gateway.simulator.chaos([{ fault: 'status=503' }]);
    await ends(1011, 'upstream_error', expect.stringContaining("vendor 'google' closed the session"));
  });

  it('when it says what cannot be taken, which ends it in this protocol', async () => {
    const session = await talk.open(ground.google(), IN_WORDS, 'openai/gpt-realtime');
    session.sendRealtimeInput({ activityStart: {} });
    await ends(1008, 'invalid_request', expect.stringContaining('Explicit activity control'));
  });
});

it.each([
  ['by the gateway', { sessionResumption: { handle: 'made up' } }],
  ['by the vendor', { dance: {} }],
])('a session that has not begun is refused by a close alone, %s', async (_, config) => {
  const client = await ground.openAt(PATH, { setup: { model: `models/${LIVE_MODEL}`, ...config } });
  await expect(client.closed).resolves.toBeGreaterThan(1006);
  expect(client.events).toEqual([]);
});
