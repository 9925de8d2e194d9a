import type { Demands, Medium } from '../domain/demands.js';
import { asksForSchema } from './as-is.js';
import { entryOf, listAt, objectsAt } from '../domain/wire.js';

const MEDIA: Readonly<Record<string, Medium>> = {
  image_url: 'image',
  input_audio: 'audio',
  file: 'document',
};

export const openAiChatDemands: Demands = {
  tools: body => listAt(body, 'tools').length > 0 || listAt(body, 'functions').length > 0,
  schema: asksForSchema,
  maxTokens: body => body['max_completion_tokens'] ?? body['max_tokens'],
  parallel: body => typeof body['parallel_tool_calls'] === 'boolean',
  output: body => listAt(body, 'modalities').filter(modality => typeof modality === 'string'),
  *media(body) {
    for (const message of objectsAt(body, 'messages')) {
      for (const { type } of objectsAt(message, 'content')) {
        yield entryOf(MEDIA, type);
      }
    }
  },
};
