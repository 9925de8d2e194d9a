import { parseExact } from './exact-json.js';
import type { Losses } from './losses.js';
import type { ToolCallPart } from './part.js';

/** Of a function that stands for a tool which takes free text. */
export const FREE_TEXT_SCHEMA = {
  type: 'object',
  properties: { input: { type: 'string' } },
  required: ['input'],
} as const;

/**
 * Arguments of a call as the object that some dialects take: free text is its `input`, nothing at all is an empty object,
 * and what a model wrote wrongly is wrapped, never thrown away.
 *
 * @param losses where a vendor's writer reports what was wrapped
 */
export function inputOf(
  { arguments: text, custom }: Pick<ToolCallPart, 'arguments' | 'custom'>,
  losses?: Losses,
): Record<string, unknown> {
  if (custom) {
    return { input: text };
  }
  if (text.trim() === '') {
    return {};
  }
  const input = parseObject(text);
  if (input) {
    return input;
  }
  losses?.approximated(
    'messages.tool_calls.function.arguments',
    'Arguments that are no JSON object were sent as {"_raw": "…"}.',
  );
  return { _raw: text };
}

/** The JSON object that the text is; null when it is something else. */
export function parseObject(text: string): Record<string, unknown> | null {
  if (!text.trimStart().startsWith('{')) {
    return null;
  }
  try {
    return parseExact(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
