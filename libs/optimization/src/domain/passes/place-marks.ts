import type { CacheMark, GenerationRequest, Part, Tool, Turn } from '@app/dialects';
import type { PrefixEnd } from './prompt-prefixes.js';

/** The vendor's default: five minutes, which every use begins anew. */
const MARK: CacheMark = {};

/** Marks the ends of prefixes. Nothing else changes; what is not marked is not copied. */
export function placeMarks(request: GenerationRequest, ends: readonly PrefixEnd[]): GenerationRequest {
  const turns = [...request.turns];
  let { tools } = request;
  for (const end of ends) {
    if (end === 'tools') {
      const last = { ...tools.list.at(-1), cache: MARK } as Tool;
      tools = { ...tools, list: tools.list.with(tools.list.length - 1, last) };
      continue;
    }
    const turn = turns[end.turn] as Turn;
    const part = { ...turn.parts[end.part], cache: MARK } as Part;
    turns[end.turn] = { ...turn, parts: turn.parts.with(end.part, part) };
  }
  return { ...request, turns, tools };
}
