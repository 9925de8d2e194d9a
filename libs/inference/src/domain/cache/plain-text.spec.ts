import { openAiChatVendor } from '@app/dialects';
import type { Route } from '@app/routing';
import { plainText } from './plain-text.js';

const route = {
  vendor: { id: 'openai' },
  dialect: openAiChatVendor,
  target: { vendor: 'openai', model: 'm', quirks: {}, traits: {} },
} as unknown as Route;

const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };

describe('the text of an answer', () => {
  it('is what it says', () => {
    expect(whole({ content: 'Hello' }, 'stop')).toBe('Hello');
    expect(streamed([{ delta: { content: 'Hel' } }, { delta: { content: 'lo' } }], 'stop')).toBe('Hello');
  });

  it.each<[string, object, string]>([
    ['that was cut', { content: 'Hel' }, 'length'],
    ['that was filtered', { content: 'Hel' }, 'content_filter'],
    ['that calls a tool', { content: 'Hello', tool_calls: [{ ...call, index: 0 }] }, 'tool_calls'],
    ['that refuses', { refusal: 'No.' }, 'stop'],
  ])('is none of one %s', (_what, message, finish) => {
    expect(whole(message, finish)).toBeNull();
    expect(streamed([{ delta: message }], finish)).toBeNull();
  });
});

function whole(message: object, finish: string): string | null {
  const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }];
  const body = Buffer.from(JSON.stringify({ id: 'i', model: 'm', choices }));
  return plainText(route, { contentType: 'application/json', body });
}

function streamed(deltas: readonly object[], finish: string): string | null {
  const chunks = [...deltas, { delta: {}, finish_reason: finish }].map(
    choice => `data: ${JSON.stringify({ id: 'i', model: 'm', choices: [{ index: 0, ...choice }] })}\n\n`,
  );
  const body = Buffer.from(`${chunks.join('')}data: [DONE]\n\n`);
  return plainText(route, { contentType: 'text/event-stream', body });
}
