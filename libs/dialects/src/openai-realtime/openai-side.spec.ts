import { Losses } from '../domain/losses.js';
import { OpenAiCallerSide } from './caller-side.js';
import { OpenAiTranscriptionSide } from './transcription-side.js';

const parts = {
  model: 'm',
  target: { vendor: 'openai', model: 'm', traits: {}, quirks: {} },
  tellsWholeSpeeches: true,
  sessionId: 's',
  losses: new Losses(),
  allows: () => true,
};

describe.each([
  ['a session with answers', () => new OpenAiCallerSide(parts)],
  ['a session that writes down what is said', () => new OpenAiTranscriptionSide(parts)],
])('%s', (_, sideOf) => {
  const append = (audio: string) => sideOf().read({ type: 'input_audio_buffer.append', audio });

  it('hears sound in base64, with its padding or without', () => {
    for (const audio of ['AAAAAA==', 'AAAAAA', 'AAAA', '']) {
      expect(append(audio).acts).toMatchObject([{ kind: 'sound' }]);
    }
  });

  it.each(['!!', 'AAAA!', 'A', 'AAAAA'])('refuses %j, which is none', audio => {
    expect(() => append(audio)).toThrow('the bytes of sound in base64');
  });
});
