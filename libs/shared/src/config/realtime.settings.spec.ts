import { readConfig } from './config.reader.js';

describe('the models of sessions with text models', () => {
  it.each([
    ['AI_GATEWAY_REALTIME_TRANSCRIBER', 'whisper-1'],
    ['AI_GATEWAY_REALTIME_TRANSCRIBER', 'groq/'],
    ['AI_GATEWAY_REALTIME_SPEAKER', '/tts-1'],
    ['AI_GATEWAY_REALTIME_SPEAKER', 'a model/of words'],
    ['AI_GATEWAY_REALTIME_SPEAKER', 'openai/tts-1,alloy'],
    ['AI_GATEWAY_REALTIME_TRANSCRIBER', 'groq/whisper-1,'],
  ])('are named with their vendor: %s is not %s', (variable, value) => {
    expect(() => readConfig({ [variable]: value })).toThrow(`${variable} is not valid.`);
  });

  it.each(['99', 'long', '0', '2147483648'])('are not given %s ms to say something', value => {
    const name = 'AI_GATEWAY_REALTIME_SILENCE_MS';
    expect(() => readConfig({ [name]: value })).toThrow(`${name} is not valid.`);
  });
});
