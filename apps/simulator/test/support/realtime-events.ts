/** What clients of OpenAI's Realtime API say. */
export const MODEL = 'gpt-realtime';

export const said = (text: string) => ({
  type: 'conversation.item.create' as const,
  item: { type: 'message' as const, role: 'user' as const, content: [{ type: 'input_text' as const, text }] },
});

export const inWords = {
  type: 'session.update' as const,
  session: { type: 'realtime' as const, output_modalities: ['text' as const] },
};

export const answer = { type: 'response.create' as const };

export const audio = (...pcm: Buffer[]) => ({
  type: 'input_audio_buffer.append' as const,
  audio: Buffer.concat(pcm).toString('base64'),
});
