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
const event = fc
  .record({ type: fc.constantFrom(...TYPES) })
  .chain(({ type }) =>
    fc
      .dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 6 })
      .map(rest => JSON.stringify({ ...rest, type })),
  );
const frame = fc.oneof(
  { weight: 8, arbitrary: event },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.uint8Array() },
);

describe('frames that make no sense', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => simulator.close());

  it('are told to be wrong by OpenAI, in a session that goes on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 8 }), async frames => {
        const client = await LiveClient.open(`${simulator.url}/v1/realtime?model=${MODEL}`);
        frames.forEach(each => client.socket.send(each));
        client.send({ type: 'no.such.event', event_id: 'last' });
        await client.until(each => (each['error'] as { event_id?: unknown })?.event_id === 'last');
        await expect(client.close()).resolves.toBe(1005);
      }),
    );
  });
});
