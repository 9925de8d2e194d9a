import type { TaskMeta } from '../domain/task.js';
import type { ModerationAnswer, ModerationClient, ModerationRequest } from './moderation.js';
import { readModerationRequest } from './request.reader.js';

/** OpenAI's moderations, as callers of POST /v1/moderations speak them; its SDKs may leave the model out. */
export const moderationClient: ModerationClient = {
  name: 'moderation',
  isUsual: true,
  defaultModel: 'omni-moderation-latest',
  readRequest: readModerationRequest,
  writeAnswer,
  charactersIn: ({ inputs }) => inputs.reduce((sum, { text }) => sum + text.length, 0),
};

function writeAnswer(
  { id, model, verdicts }: ModerationAnswer,
  _request: ModerationRequest,
  meta: TaskMeta,
): Record<string, unknown> {
  return {
    id: id || `modr-${meta.requestId}`,
    model: model || meta.model,
    results: verdicts.map(({ flagged, categories, scores }) => ({
      flagged,
      categories,
      category_scores: scores,
    })),
  };
}
