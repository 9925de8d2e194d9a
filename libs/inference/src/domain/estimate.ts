import type { Answer, Usage } from '@app/dialects';

type Json = Readonly<Record<string, unknown>>;

const CHARACTERS_PER_TOKEN = 4;
/** Members of messages and parts that are read by the model; pictures, files and sound are not text. */
const SAID = new Set([
  'content',
  'text',
  'arguments',
  'input',
  'output',
  'summary',
  'refusal',
  'tool_calls',
  'function',
  'reasoning_content',
]);

/** Where the dialects put what the model is to read. */
const SPOKEN = ['messages', 'instructions', 'input'] as const;

/**
 * What a call must have used when the vendor told nothing: marked, so that nobody takes it for a count.
 *
 * @param asked the caller's body
 */
export function estimateUsage(asked: Json, outputTokens: number): Usage {
  const tools = asked['tools'] ?? asked['functions'];
  const characters =
    charactersIn(SPOKEN.map(field => asked[field])) + (tools ? JSON.stringify(tools).length : 0);
  return { inputTokens: estimateTokens(characters), outputTokens, estimated: true };
}

/** Tokens of text of that many characters. */
export function estimateTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/** Tokens of what an answer says. */
export function estimateAnswer({ choices }: Answer): number {
  let characters = 0;
  for (const part of choices.flatMap(({ parts }) => parts)) {
    if (part.kind === 'text' || part.kind === 'reasoning' || part.kind === 'refusal') {
      characters += part.text.length;
    } else if (part.kind === 'tool-call') {
      characters += part.name.length + part.arguments.length;
    }
  }
  return estimateTokens(characters);
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
  }
  return characters;
}
