import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { answer, inWords, said } from '../apps/simulator/test/support/realtime-events.js';
import { LiveGround } from './support/live-ground.js';

const ANSWER = { id: 'resp_frozen', object: 'realtime.response', status: 'in_progress', output: [] };
const PIECE = { type: 'response.output_text.delta', response_id: ANSWER.id, item_id: 'i', delta: 'Well, ' };

/** Begins to answer, and freezes: its socket stays open, and answers no ping. It lets nobody in again. */
const frozen = new WebSocketServer({
  port: 0,
  host: '127.0.0.1',
  autoPong: false,
  verifyClient: (_, decide) => decide(mayEnter, 503),
});
let mayEnter = true;
frozen.on('connection', socket => {
  mayEnter = false;
  const say = (event: object): void => socket.send(JSON.stringify({ event_id: 'e', ...event }));
  say({ type: 'session.created', session: { id: 'sess_frozen', type: 'realtime' } });
  socket.on('message', (data: Buffer) => {
    if (data.toString().includes('"response.create"')) {
      say({ type: 'response.created', response: ANSWER });
      say(PIECE);
    }
  });
});

beforeAll(() => once(frozen, 'listening'));
afterAll(() => {
  frozen.clients.forEach(socket => socket.terminate());
  frozen.close();
});

const ground = new LiveGround(() => ({
  AI_GATEWAY_PROVIDERS_XAI_BASE_URL: `http://127.0.0.1:${(frozen.address() as AddressInfo).port}/v1`,
  AI_GATEWAY_PROVIDERS_XAI_API_KEY: 'xai-frozen',
  AI_GATEWAY_STREAM_PING_MS: '100',
}));
beforeEach(() => (mayEnter = true));

async function talkTo(...models: string[]): Promise<LiveClient> {
  const at = `/admin/projects/${ground.projectId}/routing-policies`;
  const targets = models.map(model => ({ model }));
  await ground.gateway.admin('POST', at, { name: 'voice', targets });
  return ground.openAt('/v1/realtime?model=voice', inWords, said('one two'), answer);
}

describe('a vendor that is frozen, whose socket is open', () => {
  it('is found dead, and the session goes on at another one', async () => {
    const client = await talkTo('xai/grok-voice-latest', 'openai/gpt-realtime');
    await expect(client.untilType('x_llmhub.resumed')).resolves.toMatchObject({ from: 'xai', to: 'openai' });
    client.send(answer);
    await client.until(event => JSON.stringify(event).includes('"status":"completed","status_details"'));

    const [cut, whole] = await ground.answers(2);
    expect(cut).toMatchObject({ provider: 'xai', outcome: 'cut', estimated: true });
    expect(cut?.outputTokens).toBeGreaterThan(0);
    expect(whole).toMatchObject({ provider: 'openai', outcome: 'completed' });
  });

  it('ends the session where there is no other, with an event, and what was used on record', async () => {
    const client = await talkTo('xai/grok-voice-latest');
    await expect(client.closed).resolves.toBe(1011);

    expect(client.events.at(-1)).toMatchObject({ type: 'error' });
    await expect(ground.answers(1)).resolves.toMatchObject([
      { provider: 'xai', outcome: 'cut', estimated: true },
    ]);
    await expect(ground.session()).resolves.toMatchObject({ outcome: 'cut' });
    expect(frozen.clients.size).toBe(0);
  });
});
