import { once } from 'node:events';
import { connect } from 'node:net';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';
import { fc } from '../../../test/support/properties.js';
import { LiveClient } from './support/live-client.js';
import { callerNonsense, geminiNonsense } from './support/live-nonsense.js';
import { MODEL } from './support/realtime-events.js';

const GEMINI = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=key';
const OPENAI = `/v1/realtime?model=${MODEL}`;

const UPGRADE = [
  `GET ${OPENAI} HTTP/1.1`,
  'host: localhost',
  'authorization: Bearer key',
  'connection: upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==',
  '\r\n',
].join('\r\n');

describe('frames that make no sense', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => simulator.close());

  it('are told to be wrong by OpenAI, in a session that goes on', async () => {
    await fc.assert(
      fc.asyncProperty(callerNonsense, async frames => {
        const client = await LiveClient.open(simulator.url + OPENAI);
        frames.forEach(each => client.socket.send(each));
        client.send({ type: 'no.such.event', event_id: 'last' });
        await client.until(each => (each['error'] as { event_id?: unknown })?.event_id === 'last');
        await expect(client.close()).resolves.toBe(1005);
      }),
    );
  });

  it('close a session of Gemini, as wrong and never as a failure', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), geminiNonsense, async (isSetUp, frames) => {
        const client = await LiveClient.open(simulator.url + GEMINI);
        if (isSetUp) {
          client.send({ setup: { model: 'models/m', generationConfig: { responseModalities: ['TEXT'] } } });
        }
        frames.forEach(each => client.socket.send(each));
        client.send({ noSuchKind: {} });
        expect([1007, 1008]).toContain(await client.closed);
      }),
    );
  });

  it('may break the rules of WebSockets, too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 64 }), async bytes => {
        const socket = connect(simulator.port, '127.0.0.1');
        socket.write(UPGRADE);
        await once(socket, 'data');
        const closed = once(socket, 'close');
        socket.on('error', () => undefined).resume();
        socket.end(bytes);
        await closed;
      }),
    );
    const client = await LiveClient.open(simulator.url + OPENAI);
    await client.untilType('session.created');
    await client.close();
  });
});
