import { meantUsage, type Usage } from '../domain/usage.js';
import { recordOr, stringOr, type Wire } from '../domain/wire.js';
import { readTokenUsage } from '../openai-responses/usage.js';

/**
 * The usage of an answer with pictures, or of the event that ends a stream of them. The output is pictures unless it says
 * otherwise. An SVG is drawn by another model, which is told apart.
 */
export function readImageUsage(answer: Wire): Usage | null {
  const read = meantUsage(readTokenUsage(recordOr(answer['usage'])));
  const svg = recordOr(answer['svg_usage']);
  const drawn = readTokenUsage(svg);
  if (!read) {
    return null;
  }
  return {
    ...read,
    imageOutputTokens: read.imageOutputTokens ?? read.outputTokens,
    ...(drawn && {
      extra: [
        {
          model: stringOr(svg['model'], ''),
          inputTokens: drawn.inputTokens,
          outputTokens: drawn.outputTokens,
        },
      ],
    }),
  };
}
