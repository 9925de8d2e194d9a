import { OpenAiMemory } from './memory.js';

const place = { model: 'm', isSame: true, admit: (message: object) => ({ ...message }) };
const sound = Buffer.from(JSON.stringify({ type: 'input_audio_buffer.append', audio: 'AAAA' }));

describe('a speech that its vendor heard and has not written down', () => {
  it.each([
    [{ model: 'w' }, ['The transcripts of 1 speeches, which nobody has written down yet.']],
    [null, []],
  ])('is told to lose that, where %j was to do so', (transcription, lost) => {
    const memory = new OpenAiMemory();
    memory.noteSaid({ type: 'session.update', session: { audio: { input: { transcription } } } });
    memory.noteSound(sound);
    memory.noteHeard({ type: 'input_audio_buffer.committed', item_id: 's1', previous_item_id: null });

    expect(memory.reopen(place).lost).toEqual(lost);
  });
});
