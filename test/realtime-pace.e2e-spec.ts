import { LIVE_MODEL } from '../apps/simulator/test/support/gemini-talk.js';
import type { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { answer, inWords, said } from '../apps/simulator/test/support/realtime-events.js';
import { OpenStreams } from '@app/inference';
import { eventually } from './support/eventually.js';
import { LiveGround } from './support/live-ground.js';

const MIB = 1024 * 1024;
const SETTINGS = { type: 'session.update', session: { type: 'realtime', instructions: 'x'.repeat(200_000) } };
/** Each has the gateway say all settings again. */
const AGAIN = { type: 'session.update', session: { type: 'realtime' } };
const MANY = 400;

const ground = new LiveGround();

/** Bytes that the gateway holds for the caller of its only session. */
function held(): number {
  const { streams } = ground.gateway.app.get(OpenStreams) as unknown as {
    readonly streams: Set<{ readonly caller: { readonly socket: { readonly bufferedAmount: number } } }>;
  };
  return [...streams][0]?.caller.socket.bufferedAmount ?? 0;
}

describe('a caller that asks, and reads no answers,', () => {
  it.each([
    ["a model of another vendor's", `google/${LIVE_MODEL}`],
    ['a text model', 'anthropic/claude-sonnet-5'],
  ])(
    'is not heard for long by %s, and gets them all in the end',
    async (_, model) => {
      const client: LiveClient = await ground.openAt(`/v1/realtime?model=${model}`, inWords, SETTINGS);
      await client.untilType('session.updated', 2);
      client.socket.pause();
      client.send(...Array.from({ length: MANY }, () => AGAIN));
      await eventually(() => expect(held()).toBeGreaterThan(MIB / 2));
      await new Promise(resolve => setTimeout(resolve, 1000));

      expect(held()).toBeLessThan(4 * MIB);
      client.socket.resume();
      await client.untilType('session.updated', MANY + 2);
      await client.close();
    },
    30_000,
  );
});

it('a caller whose settings add up is told that they are too many, and goes on with those before', async () => {
  const client = await ground.openAt(`/v1/realtime?model=google/${LIVE_MODEL}`, inWords);
  for (let n = 0; n < 5; n += 1) {
    client.send({ type: 'session.update', session: { type: 'realtime', [`member${n}`]: 'x'.repeat(MIB) } });
  }

  expect(await client.untilType('error')).toMatchObject({ error: { code: 'session_too_large' } });
  client.send(said('one'), answer);
  await client.untilType('response.done');
  expect(client.types.filter(type => type === 'error')).toHaveLength(2); // four MiB and a little more
});
