import { type Line, type LiveEvent, withCut, withEvent } from './transcript.js';

const added = (id: string, role: string, content: object[] = []): LiveEvent =>
  ({ type: 'conversation.item.added', item: { id, type: 'message', role, content } }) as LiveEvent;

function after(...events: LiveEvent[]): readonly Line[] {
  return events.reduce<readonly Line[]>(withEvent, []);
}

describe('what is said in a session', () => {
  it('stands in the order of its items, whatever is written down first', () => {
    const lines = after(
      added('you', 'user', [{ transcript: null }]),
      added('model', 'assistant'),
      { type: 'response.output_audio_transcript.delta', item_id: 'model', delta: 'Good ' },
      { type: 'conversation.item.input_audio_transcription.delta', item_id: 'you', delta: 'He' },
      { type: 'response.output_audio_transcript.delta', item_id: 'model', delta: 'day.' },
      { type: 'conversation.item.input_audio_transcription.completed', item_id: 'you', transcript: 'Hello.' },
      added('you', 'user'),
      added('rules', 'system', [{ text: 'Be brief.' }]),
    );
    expect(lines.map(({ who, text }) => `${who}: ${text}`)).toEqual(['You: Hello.', 'Model: Good day.']);
  });

  it('has words that were typed, and answers in words', () => {
    const lines = after(added('you', 'user', [{ text: 'Hi' }]), added('model', 'assistant'), {
      type: 'response.output_text.delta',
      item_id: 'model',
      delta: 'Hello',
    });
    expect(lines.map(({ text }) => text)).toEqual(['Hi', 'Hello']);
  });

  it('is marked where it was broken off', () => {
    const before = after(added('one', 'assistant'), added('two', 'assistant'));
    expect(withCut(before, 'two')).toMatchObject([{}, { isCut: true }]);
    const response = { status: 'cancelled', output: [{ id: 'one', type: 'message' }] };
    expect(withEvent(before, { type: 'response.done', response })).toMatchObject([{ isCut: true }, {}]);
    expect(withEvent(before, { type: 'response.done', response: { status: 'completed' } })).toBe(before);
  });

  it('is told with what failed, was left out, or was lost', () => {
    const error = { message: 'No money.' };
    const lines = after(
      { type: 'error', error },
      { type: 'response.done', response: { status: 'failed', status_details: { error } } },
      { type: 'conversation.item.input_audio_transcription.failed', error },
      { type: 'x_llmhub.warnings', warnings: [{ field: 'voice', action: 'replaced', detail: 'unknown' }] },
      { type: 'x_llmhub.resumed', from: 'a', to: 'b', lost: ['A speech.'] },
      { type: 'rate_limits.updated' },
    );
    expect(lines.map(({ text, isFailure = false }) => [text, isFailure])).toEqual([
      ['No money.', true],
      ['No money.', true],
      ['What you said could not be written down: No money.', true],
      ['voice was replaced: unknown', false],
      ['b goes on in the place of a. A speech.', false],
    ]);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(5);
  });
});
