import type { ToolCallPart } from '../domain/part.js';

/**
 * `function_call` (chat before `tools`) has no id: calls and results are matched by order. The id given here tells the
 * writer which spelling to go back to. https://platform.openai.com/docs/api-reference/chat/create
 */
const PREFIX = 'function_call_';

export function legacyCallId(serial: number): string {
  return PREFIX + serial;
}

export function isLegacyCallId(id: string): boolean {
  return id.startsWith(PREFIX);
}

export function legacyCall(id: string, name: string, args: string): ToolCallPart {
  return { kind: 'tool-call', id, name, arguments: args };
}
