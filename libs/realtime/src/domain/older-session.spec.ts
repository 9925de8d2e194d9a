import { todaysSession } from './older-session.js';

describe("a session in the words of OpenAI's beta", () => {
  it('has all that it had where it is today', () => {
    const asked = {
      model: 'm',
      instructions: 'Be brief.',
      tools: [{ type: 'function', name: 'f' }],
      tool_choice: 'auto',
      tracing: 'auto',
      modalities: ['text', 'audio'],
      max_response_output_tokens: 'inf',
      input_audio_format: 'g711_ulaw',
      input_audio_noise_reduction: { type: 'near_field' },
      input_audio_transcription: { model: 't', language: 'de' },
      turn_detection: null,
      output_audio_format: 'g711_alaw',
      voice: 'sage',
      speed: 1.5,
    };

    expect(todaysSession('realtime', asked)).toEqual({
      type: 'realtime',
      model: 'm',
      instructions: 'Be brief.',
      tools: [{ type: 'function', name: 'f' }],
      tool_choice: 'auto',
      tracing: 'auto',
      output_modalities: ['audio'],
      max_output_tokens: 'inf',
      audio: {
        input: {
          format: { type: 'audio/pcmu' },
          noise_reduction: { type: 'near_field' },
          transcription: { model: 't', language: 'de' },
          turn_detection: null,
        },
        output: { format: { type: 'audio/pcma' }, voice: 'sage', speed: 1.5 },
      },
    });
  });

  it('says no more than it said', () => {
    expect(todaysSession('realtime', { model: 'm' })).toEqual({ type: 'realtime', model: 'm' });
    expect(todaysSession('transcription', { include: ['item.input_audio_transcription.logprobs'] })).toEqual({
      type: 'transcription',
      include: ['item.input_audio_transcription.logprobs'],
    });
  });

  it.each(['temperature', 'type', '__proto__', 'constructor', 'audio'])('has no %s', name => {
    const asked = JSON.parse(`{"${name}": 1}`) as Record<string, unknown>;
    expect(() => todaysSession('realtime', asked)).toThrow(`'${name}' is nothing`);
  });
});
