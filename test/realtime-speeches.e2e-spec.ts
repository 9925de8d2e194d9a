import type { Event, LiveClient } from '../apps/simulator/test/support/live-client.js';
import { audio } from '../apps/simulator/test/support/realtime-events.js';
import { tone } from '../apps/simulator/test/support/sound.js';
import { LiveGround } from './support/live-ground.js';

const COMPLETED = 'conversation.item.input_audio_transcription.completed';
const FAILED = 'conversation.item.input_audio_transcription.failed';
const COMMITTED = 'input_audio_buffer.committed';

const ground = new LiveGround();
afterEach(() => ground.gateway.simulator.chaos([]));

/** A session with a text model whose caller says itself when it has spoken. */
const open = (transcription: object): Promise<LiveClient> =>
  ground.openAt('/v1/realtime?model=anthropic/claude-sonnet-5', {
    type: 'session.update',
    session: { type: 'realtime', audio: { input: { turn_detection: null, transcription } } },
  });
const speak = (client: LiveClient, ...lengths: number[]): void =>
  lengths.forEach(ms => client.send(audio(tone(ms)), { type: 'input_audio_buffer.commit' }));
const of = ({ events }: LiveClient, type: string): Event[] => events.filter(event => event['type'] === type);

describe('speeches to a text model', () => {
  it('have their own items and words, however quickly they follow', async () => {
    const client = await open({});
    speak(client, 300, 900);
    await client.untilType(COMPLETED, 2);

    const items = of(client, COMMITTED).map(({ item_id }) => item_id);
    expect(new Set(items).size).toBe(2);
    expect(of(client, COMPLETED)).toMatchObject([
      { item_id: items[0], usage: { type: 'duration', seconds: 0.3 } },
      { item_id: items[1], usage: { type: 'duration', seconds: 0.9 } },
    ]);
  });

  it('are told of by their item when nobody can write them down, and the next is', async () => {
    const client = await open({});
    ground.gateway.simulator.chaos([{ model: 'gpt-4o-mini-transcribe', fault: 'status=400' }]);
    speak(client, 300);
    const { item_id } = await client.untilType(FAILED);
    expect(item_id).toBe(of(client, COMMITTED)[0]?.['item_id']);
    ground.gateway.simulator.chaos([]);
    speak(client, 300);
    await client.untilType(COMPLETED);
    expect(client.types).not.toContain('error');
  });
});
