import { type Answer, estimateInput, estimateTokens, type Usage } from '@app/dialects';

export { estimateTokens } from '@app/dialects';

type Json = Readonly<Record<string, unknown>>;

/**
 * What a call must have used when the vendor told nothing: marked, so that nobody takes it for a count.
 *
 * @param asked the caller's body
 */
export function estimateUsage(asked: Json, outputTokens: number): Usage {
  return { inputTokens: estimateInput(asked), outputTokens, estimated: true };
}

/** What a vendor told, and by estimate what it produced after that. */
export function withMore(told: Usage, outputTokens: number): Usage {
  return { ...told, outputTokens: told.outputTokens + outputTokens, estimated: true };
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
