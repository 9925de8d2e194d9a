import type { GenerationRequest, Part, Tool, Turn } from '@app/dialects';

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

/** A request of turns that begin behind what is never cut. */
export function talk(turns: readonly Turn[], some: Partial<GenerationRequest> = {}): GenerationRequest {
  return {
    model: 'm',
    turns,
    tools: { list: [] },
    settings: {},
    stream: false,
    streamUsage: false,
    native: { dialect: 'openai-chat', fields: {} },
    ...some,
  };
}

export function say(role: Turn['role'], text: string): Turn {
  return { role, parts: [{ kind: 'text', text }] };
}

/** A call of a tool, and what that returned. */
export function callOf(id: string, returned: string): readonly Turn[] {
  return [
    { role: 'assistant', parts: [{ kind: 'tool-call', id, name: 'look', arguments: '{"at": "x"}' }] },
    { role: 'tool', parts: [{ kind: 'tool-result', callId: id, parts: [{ kind: 'text', text: returned }] }] },
  ];
}

/** What users said and tools returned, in order. */
export function saidIn({ turns }: GenerationRequest): readonly string[] {
  const texts = (part: Part): readonly string[] =>
    part.kind === 'text' ? [part.text] : part.kind === 'tool-result' ? part.parts.flatMap(texts) : [];
  return turns
    .filter(({ role }) => role === 'user' || role === 'tool')
    .flatMap(({ parts }) => parts.flatMap(texts));
}
