import { recordedSessions } from '../../../test/support/recordings.js';
import type { Wire } from './domain/wire.js';
import { geminiLive } from './gemini-live/gemini-live.dialect.js';
import { openAiRealtime } from './openai-realtime/openai-realtime.dialect.js';

const texts = (messages: readonly unknown[]): string[] =>
  [...JSON.stringify(messages).matchAll(/"(?:text|transcript)":"((?:[^"\\]|\\.)+)"/g)].map(
    ([, text = '']) => text,
  );
const place = { model: 'm', isSame: false, admit: (message: Wire) => message };

describe.each(recordedSessions())('the recorded session %s', (name, frames) => {
  const isGemini = frames.some(({ direction, data }) => direction === 'sent' && 'setup' in data);

  it('is passed on as it is, and can go on elsewhere with all that was said', () => {
    const dialect = isGemini ? geminiLive : openAiRealtime;
    const memory = dialect.memory();
    for (const { direction, data } of frames) {
      const frame = Buffer.from(JSON.stringify(data));
      if (direction === 'received') {
        expect(memory.noteHeard(data)).toBe(data);
      } else if (dialect.isOnlySound(frame)) {
        memory.noteSound(frame);
      } else {
        memory.noteSaid(data);
      }
    }
    const { opening, rest, lost, asksAgain } = memory.reopen(place);
    const told = texts(rest.filter(said => !Buffer.isBuffer(said)));

    const said = texts(
      frames
        .filter(({ direction, data }) => direction === 'sent' && !('setup' in data))
        .map(({ data }) => data),
    );
    expect(told).toEqual(expect.arrayContaining(said));
    const answers = frames.flatMap(({ data }) => (data['type'] === 'response.done' ? [data] : []));
    expect(told).toEqual(expect.arrayContaining(texts(answers)));
    expect({ lost, asksAgain, opened: opening.length }).toEqual({
      // There, nobody could write the speech down.
      lost: name.includes('requires-deployment') ? [expect.stringContaining('1 items')] : [],
      asksAgain: false,
      opened: isGemini ? 1 : 0,
    });
  });
});
