import type { GenerationRequest, Part, Tool } from '@app/dialects';

const plain = <Marked extends Part | Tool>(value: Marked): Marked => {
  const { cache: _, ...rest } = value as Marked & { readonly cache?: unknown };
  const bare = rest as unknown as Marked;
  return 'parts' in bare ? { ...bare, parts: (bare.parts as Part[]).map(plain) } : bare;
};

/** The request without any mark, whoever set it. */
export function unmarked(request: GenerationRequest): GenerationRequest {
  return {
    ...request,
    turns: request.turns.map(turn => ({ ...turn, parts: turn.parts.map(plain) })),
    tools: { ...request.tools, list: request.tools.list.map(plain) },
  };
}
