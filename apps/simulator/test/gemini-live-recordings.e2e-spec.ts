import { recordedSessions } from '../../../test/support/recordings.js';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';
import { type Event, LiveClient } from './support/live-client.js';
import { collapsed, membersByName } from './support/members.js';

const PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';

/** `serverContent.modelTurn`, `toolCall`. */
function kindOf(event: Event): string {
  const content = event['serverContent'];
  return content === undefined
    ? Object.keys(event).join()
    : `serverContent.${Object.keys(content as object).join()}`;
}

/** Speech and its transcript come in any order. */
function sequence(events: readonly Event[]): readonly string[] {
  return collapsed(events.map(event => kindOf(event).replace(/modelTurn|outputTranscription/, 'speech')));
}

/** Thoughts come when the vendor likes, and how many words an answer has. */
function withoutThoughts(events: readonly Event[]): readonly Event[] {
  return events
    .filter(event => !JSON.stringify(event).includes('"thought":true'))
    .map(event => JSON.parse(JSON.stringify(event).replace(/,"thoughtsTokenCount":\d+/, '')) as Event);
}

/** The arguments of a call are its tool's business. */
function members(events: readonly Event[]): object {
  return membersByName(
    events.map(event => JSON.parse(JSON.stringify(event).replace(/"args":\{[^}]*\}/, '"args":1')) as Event),
    kindOf,
  );
}

const sessions = recordedSessions().filter(([name]) => name.startsWith('realtime-google-ws-'));

describe.each(sessions)('the session of %s', (_, frames) => {
  let simulator: Simulator;
  let events: readonly Event[];
  const vendor = withoutThoughts(
    frames.filter(({ direction }) => direction === 'received').map(({ data }) => data),
  );

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
    const client = await LiveClient.open(`${simulator.url}${PATH}?key=key`);
    let seen = 0;
    for (const { direction, data } of frames) {
      if (direction === 'received') {
        // Whoever answers a message waits for the message of that kind.
        seen += kindOf(data) === 'toolCall' || kindOf(data).includes('turnComplete') ? 1 : 0;
        continue;
      }
      await (seen > 0 && client.until(event => /toolCall|turnComplete/.test(kindOf(event)), seen));
      const id = (client.events.find(event => event['toolCall']) as ToolCall | undefined)?.toolCall
        .functionCalls[0]?.id;
      const text = JSON.stringify(data).replace(/function-call-\d+/, id ?? '');
      // Offered tools would be called again.
      client.send(
        JSON.parse(seen === 0 ? text : text.replace('"text":"', '"text":"[[sim:say Done.]]')) as Event,
      );
    }
    await client.until(event => /toolCall|turnComplete/.test(kindOf(event)), seen);
    await client.close();
    ({ events } = client);
  });
  afterAll(() => simulator.close());

  it('has the same messages in the same order', () => {
    expect(sequence(events)).toEqual(sequence(vendor));
  });

  it('has messages of the same members', () => {
    expect(members(events)).toEqual(members(vendor));
  });
});

interface ToolCall {
  readonly toolCall: { readonly functionCalls: readonly { readonly id: string }[] };
}
