import type { ImageAnswer, ImageTask } from '../domain/images.js';
import { costMember, type LlmHub } from '../domain/llmhub.js';
import type { Usage } from '../domain/usage.js';

/** The answer as OpenAI's image endpoints give it. `created` in Unix seconds. */
export function writeImages(
  { images, usage }: ImageAnswer,
  created: number,
  llmhub: LlmHub | null,
): Record<string, unknown> {
  return {
    created,
    data: images.map(({ base64 }) => ({ b64_json: base64 })),
    ...formatOf(images[0]?.mime),
    ...writeTold(usage, llmhub),
  };
}

/** The same as a stream: the event that ends one, for each picture. Only the last tells usage and cost, which are of all. */
export function writeImageEvents(
  { images, usage }: ImageAnswer,
  task: ImageTask,
  created: number,
  llmhub: LlmHub | null,
): string {
  const type = `${task === 'edits' ? 'image_edit' : 'image_generation'}.completed`;
  return images
    .map(({ base64, mime }, index) => {
      const told = index === images.length - 1 ? writeTold(usage, llmhub) : {};
      const event = { type, created_at: created, b64_json: base64, ...formatOf(mime), ...told };
      return `event: ${type}\ndata: ${JSON.stringify(event)}\n\n`;
    })
    .join('');
}

function writeTold(usage: Usage | null, llmhub: LlmHub | null): Record<string, unknown> {
  return { ...(usage && { usage: writeUsage(usage, llmhub) }), ...(llmhub && { x_llmhub: llmhub }) };
}

function formatOf(mime = ''): { output_format?: string } {
  return mime.startsWith('image/') ? { output_format: mime.slice('image/'.length) } : {};
}

function writeUsage(usage: Usage, llmhub: LlmHub | null): Record<string, unknown> {
  const { inputTokens, outputTokens, imageInputTokens = 0, imageOutputTokens = outputTokens } = usage;
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    input_tokens_details: { text_tokens: inputTokens - imageInputTokens, image_tokens: imageInputTokens },
    output_tokens_details: { text_tokens: outputTokens - imageOutputTokens, image_tokens: imageOutputTokens },
    ...costMember(usage, llmhub),
  };
}
