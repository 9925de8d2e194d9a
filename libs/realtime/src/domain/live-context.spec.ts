import { answerUsage, LiveContext } from './live-context.js';

const OPENAI = { heard: 10, spoken: 20 };
const GEMINI = { heard: 25, spoken: 25 };

describe('LiveContext', () => {
  it('counts words as text, and sound by its length', () => {
    const context = new LiveContext(GEMINI);
    context.noteWords(400);
    context.noteSound(3);
    context.noteSound(1);
    expect(context.usage).toEqual({ inputTokens: 200, audioInputTokens: 100 });
  });

  it('counts of the sound what its vendor took, as long as that tells where somebody spoke', () => {
    const context = new LiveContext(OPENAI);
    context.noteSound(60);
    context.speechBegan(20_000);
    context.speechEnded(25_000);
    expect(context.committed()).toBe(5);
    context.noteSound(30); // silence
    expect(context.usage).toEqual({ inputTokens: 50, audioInputTokens: 50 });
  });

  it('counts all of it when its caller ends the speech, but what was cleared before', () => {
    const context = new LiveContext(OPENAI);
    context.noteSound(7);
    context.cleared();
    context.noteSound(2);
    expect(context.committed()).toBe(2);
    expect(context.usage.audioInputTokens).toBe(20);
  });

  it('goes on from what an answer used, whose sound the next one hears', () => {
    const context = new LiveContext(OPENAI);
    context.noteSound(7);
    context.answered({ inputTokens: 100, audioInputTokens: 60, outputTokens: 50, audioOutputTokens: 40 });
    expect(context.usage).toEqual({ inputTokens: 130, audioInputTokens: 80 });
    const other = new LiveContext(GEMINI);
    other.take(context);
    expect(other.usage).toEqual(context.usage);
  });
});

describe('what an answer used of which nobody told', () => {
  it('is its sound by the length, and its words', () => {
    const input = { inputTokens: 30, audioInputTokens: 20 };
    expect(answerUsage(input, { characters: 40, seconds: 7.9 }, GEMINI)).toEqual({
      ...input,
      outputTokens: 208,
      audioOutputTokens: 198,
      estimated: true,
    });
    expect(answerUsage(input, { characters: 0, seconds: 2 }, OPENAI)).toMatchObject({
      audioOutputTokens: 40,
    });
  });
});
