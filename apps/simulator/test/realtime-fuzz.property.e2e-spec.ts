import { once } from 'node:events';
import { connect } from 'node:net';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';
import { fc } from '../../../test/support/properties.js';
import { LiveClient } from './support/live-client.js';
import { MODEL } from './support/realtime-events.js';

/** Names that sessions look at, and values that they do not expect there. */
const NAMES =
  `type event_id session item item_id response audio content role output text transcription turn_detection
  input output_modalities tools tool_choice call_id audio_end_ms previous_item_id model format name parameters`.split(
    /\s+/,
  );
const TYPES = `session.update conversation.item.create conversation.item.retrieve conversation.item.delete
  conversation.item.truncate input_audio_buffer.append input_audio_buffer.commit input_audio_buffer.clear
  output_audio_buffer.clear response.create response.cancel message function_call function_call_output realtime
  input_text input_audio user assistant server_vad function`.split(/\s+/);

const { value } = fc.letrec<{ value: unknown; object: unknown }>(tie => ({
  object: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 6 }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...TYPES, null, '', 0, -1, 1e9, true),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));
const members = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 6 });
const nonsense = fc.oneof(fc.string(), fc.uint8Array());

const event = fc
  .tuple(fc.constantFrom(...TYPES), members)
  .map(([type, rest]) => JSON.stringify({ ...rest, type }));
const frames = fc.array(fc.oneof({ weight: 8, arbitrary: event }, { weight: 1, arbitrary: nonsense }), {
  maxLength: 8,
});

const KINDS = ['clientContent', 'client_content', 'realtimeInput', 'toolResponse', 'setup'];
const PARTS =
  `turns turnComplete parts role text inlineData mimeType data audio activityStart activityEnd audioStreamEnd
  functionResponses id name response mediaChunks model tools functionDeclarations`.split(/\s+/);
const liveMessage = fc
  .dictionary(
    fc.constantFrom(...KINDS),
    fc.dictionary(
      fc.constantFrom(...PARTS),
      fc.oneof(value, fc.dictionary(fc.constantFrom(...PARTS), value)),
    ),
    { minKeys: 1, maxKeys: 2 },
  )
  .map(message => JSON.stringify(message));
const liveFrames = fc.array(
  fc.oneof({ weight: 8, arbitrary: liveMessage }, { weight: 1, arbitrary: nonsense }),
  { maxLength: 6 },
);

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
      fc.asyncProperty(frames, async frames => {
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
      fc.asyncProperty(fc.boolean(), liveFrames, async (isSetUp, frames) => {
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
