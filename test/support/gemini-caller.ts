import type { GenerateContentParameters, GenerateContentResponse, GoogleGenAI } from '@google/genai';
import type { TestGateway } from './gateway.js';

/** One model of each wire format, as callers of Gemini name it. */
export const GEMINI_VENDORS = [
  ['openai', 'openai/gpt-4.1-mini'],
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro'],
] as const;

/** All chunks of a streamed answer. */
export async function streamedBy(
  genai: GoogleGenAI,
  asked: GenerateContentParameters,
): Promise<GenerateContentResponse[]> {
  const chunks: GenerateContentResponse[] = [];
  for await (const chunk of await genai.models.generateContentStream(asked)) {
    chunks.push(chunk);
  }
  return chunks;
}

/** A request without the SDK, for what the SDK hides. */
export function postText(
  gateway: TestGateway,
  path: string,
  text: string,
  more: object = {},
): Promise<Response> {
  return gateway.call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text }] }], ...more }),
  });
}
