import { writeSrt, writeVtt } from './subtitles.writer.js';
import { readTranscription } from './openai.reader.js';

describe('transcriptions in the shape of OpenAI', () => {
  it('reads usage by tokens', () => {
    const usage = {
      type: 'tokens',
      input_tokens: 14,
      input_token_details: { audio_tokens: 10 },
      output_tokens: 45,
    };

    expect(readTranscription({ text: 'Hello', usage }, 'openai').usage).toEqual({
      inputTokens: 14,
      outputTokens: 45,
      audioInputTokens: 10,
    });
  });

  it.each([
    [{ text: 'a', usage: { type: 'duration', seconds: 9 } }, 9],
    [{ text: 'a', usage: { prompt_audio_seconds: 203, prompt_tokens: 4, completion_tokens: 635 } }, 203],
    [{ text: 'a', duration: 8.47 }, 8.47],
    [{ text: 'a', duration: '8.47' }, 8.47],
  ])('reads usage by time from %j', (body, seconds) => {
    expect(readTranscription(body, 'openai').usage).toEqual({
      inputTokens: 0,
      outputTokens: 0,
      audioSeconds: seconds,
    });
  });

  it('says when there is no usage, instead of nought', () => {
    expect(readTranscription({ text: 'a' }, 'openai').usage).toBeNull();
  });

  it.each([
    { usage: { type: 'duration', seconds: -9 } },
    { duration: '-8.47' },
    { usage: { type: 'tokens', input_tokens: Infinity, output_tokens: 5 } },
  ])('takes %j for no usage, since it cannot be meant', told => {
    expect(readTranscription({ text: 'a', ...told }, 'openai').usage).toBeNull();
  });

  it.each([null, 'text', {}, { error: { message: 'no' } }])('refuses %j, which is no transcription', body => {
    expect(() => readTranscription(body, 'openai')).toThrow('no transcription');
  });

  const segments = [
    { start: 0, end: 1.5, text: ' Hello there.' },
    { start: 3661.0009, end: 3662.25, text: 'A --> B' },
  ];

  it('writes SubRip', () => {
    expect(writeSrt(segments)).toBe(
      '1\n00:00:00,000 --> 00:00:01,500\nHello there.\n\n2\n01:01:01,001 --> 01:01:02,250\nA --> B\n\n',
    );
  });

  it('writes WebVTT, whose cues cannot be broken by their text', () => {
    expect(writeVtt(segments)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nHello there.\n\n01:01:01.001 --> 01:01:02.250\nA -> B\n\n',
    );
  });
});
