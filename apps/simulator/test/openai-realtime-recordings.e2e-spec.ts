import { recordedSessions } from '../../../test/support/recordings.js';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';
import { type Event, LiveClient } from './support/live-client.js';
import { collapsed, membersByName } from './support/members.js';
import { silence, tone } from './support/sound.js';

/** What the simulator has to be told to answer as the recorded vendor did. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  'realtime-parity-ws-text-tool-round-parity-openai-current': '[[sim:preface I will look.]]',
  'realtime-parity-ws-text-tool-round-parity-xai-current': '[[sim:preface I will look.]]',
};

const SCENARIOS = [
  'realtime-openai-ws-tool-call-round',
  'realtime-parity-ws-text-tool-round-parity-openai-current',
  'realtime-parity-ws-history-seeding-parity-openai-current',
  'realtime-parity-ws-history-seeding-parity-openai-previous',
  'realtime-azure-ws-text-in-audio-out-turn',
  'realtime-azure-ws-audio-in-server-vad-transcribes',
  'realtime-azure-ws-tool-call-round',
  'realtime-parity-ws-text-tool-round-parity-azure-current',
  'realtime-parity-ws-text-tool-round-parity-xai-current',
  'realtime-parity-ws-history-seeding-parity-xai-current',
  'realtime-parity-ws-history-seeding-parity-xai-pinned',
  'realtime-xai-ws-text-in-audio-out-turn',
];

/** Where the recorded vendor is. */
function placeOf(file: string): string {
  if (file.includes('-xai-')) {
    return '/xai/v1';
  }
  return file.includes('-azure-') ? '/azure-openai/openai/v1' : '/v1';
}

const typeOf = (event: Event): string => String(event['type']);
const isTranscription = (type: string): boolean => type.includes('input_audio_transcription');

/**
 * Deltas of speech and of its transcript come in any order, and limits when the vendor likes. What is heard goes beside
 * the answer, so it is compared by itself.
 */
function sequence(events: readonly Event[], wanted: (type: string) => boolean): readonly string[] {
  const types = events.map(typeOf).filter(type => type !== 'rate_limits.updated' && wanted(type));
  return collapsed(types.map(type => type.replace(/output_audio(_transcript)?\.delta$/, 'speech.delta')));
}

/** Members are the vendor's own, but for a reasoning that not every answer has. */
function members(events: readonly Event[]): object {
  const shown = events.map(
    event => JSON.parse(JSON.stringify(event).replace(/,"reasoning_tokens":\d+/, '')) as Event,
  );
  return membersByName(shown, typeOf);
}

describe.each(recordedSessions().filter(([name]) => SCENARIOS.includes(name.replace('.json', ''))))(
  'the session of %s',
  (file, frames) => {
    let simulator: Simulator;
    let events: readonly Event[];
    const vendor = frames.filter(({ direction }) => direction === 'received').map(({ data }) => data);

    beforeAll(async () => {
      simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
      const { model } = (vendor[0] ?? {})['session'] as { model: string };
      const client = await LiveClient.open(`${simulator.url}${placeOf(file)}/realtime?model=${model}`);
      const sent = frames.filter(({ direction }) => direction === 'sent').map(({ data }) => data);
      await replay(client, sent, DIRECTIVES[file.replace('.json', '')] ?? '');
      await client.untilType(
        'response.done',
        vendor.filter(event => typeOf(event) === 'response.done').length,
      );
      if (vendor.some(event => isTranscription(typeOf(event)))) {
        await client.untilType('conversation.item.input_audio_transcription.completed');
      }
      await client.close();
      ({ events } = client);
    });
    afterAll(() => simulator.close());

    it('has the same events in the same order', () => {
      expect(sequence(events, type => !isTranscription(type))).toEqual(
        sequence(vendor, type => !isTranscription(type)),
      );
      expect(sequence(events, isTranscription)).toEqual(sequence(vendor, isTranscription));
    });

    it('has events of the same members', () => {
      const { 'rate_limits.updated': limits, ...own } = members(events) as Record<string, unknown>;
      const { 'rate_limits.updated': vendorLimits = limits, ...theirs } = members(vendor) as Record<
        string,
        unknown
      >;
      expect(own).toEqual(theirs);
      expect(limits).toEqual(vendorLimits);
    });
  },
);

/** Says what the recorded client said; for its microphone, a tone. */
async function replay(client: LiveClient, sent: readonly Event[], directive: string): Promise<void> {
  let answers = 0;
  for (const event of collapsedAudio(sent)) {
    if (event['type'] === 'input_audio_buffer.append') {
      const audio = Buffer.concat([silence(600), tone(2000), silence(600)]).toString('base64');
      client.send({ ...event, audio });
    } else if (JSON.stringify(event).includes('function_call_output')) {
      const done = await client.untilType('response.function_call_arguments.done');
      await client.untilType('response.done');
      client.send(
        JSON.parse(
          JSON.stringify(event).replace(/call[_-][\w-]{10,}(?=")/, String(done['call_id'])),
        ) as Event,
      );
    } else {
      if (event['type'] === 'response.create') {
        await (answers > 0 && client.untilType('response.done', answers));
        answers++;
      }
      client.send(
        JSON.parse(JSON.stringify(event).replace('in London?', `in London? ${directive}`)) as Event,
      );
    }
  }
}

function collapsedAudio(sent: readonly Event[]): readonly Event[] {
  return sent.filter(
    ({ type }, index) => type !== 'input_audio_buffer.append' || sent[index - 1]?.['type'] !== type,
  );
}
