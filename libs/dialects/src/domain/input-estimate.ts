import type { Wire } from './wire.js';

const CHARACTERS_PER_TOKEN = 4;
/** Where the dialects put what the model is to read. */
const SPOKEN = [
  'messages',
  'system',
  'prompt',
  'instructions',
  'input',
  'contents',
  'systemInstruction',
  'system_instruction',
] as const;
/** Members of messages and parts that are read by the model; pictures, files and sound are not text. */
const SAID = new Set([
  'content',
  'text',
  'arguments',
  'output',
  'summary',
  'refusal',
  'tool_calls',
  'function',
  'reasoning_content',
  'thinking',
  'parts',
  'functionCall',
  'function_call',
  'functionResponse',
  'function_response',
]);
/** Objects of the caller's own making, whose members have any names: the model reads all of them. */
const SAID_WHOLE = new Set(['args', 'input', 'response']);

/** Tokens that the model reads of a body of any dialect. */
export function estimateInput(asked: Wire): number {
  const tools = asked['tools'] ?? asked['functions'];
  const characters =
    charactersIn(SPOKEN.map(field => asked[field])) + (tools ? JSON.stringify(tools).length : 0);
  return estimateTokens(characters);
}

/** Tokens of text of that many characters. */
export function estimateTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

function charactersIn(value: unknown): number {
  if (typeof value === 'string') {
    return value.length;
  }
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + charactersIn(item), 0);
  }
  let characters = 0;
  for (const [key, member] of Object.entries(value ?? {})) {
    characters += SAID.has(key) ? charactersIn(member) : 0;
    characters += SAID_WHOLE.has(key) ? sizeOf(member) : 0;
  }
  return characters;
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' ? value.length : (JSON.stringify(value) ?? '').length;
}
