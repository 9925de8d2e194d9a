import type { GenerationRequest, Part, Tool } from '@app/dialects';

/** How the dialects spell marks, in what is carried verbatim. */
const MARKS = ['cache_control', 'prompt_cache_breakpoint'] as const;
/** On the request itself; the items and tools of Responses have theirs noted as fields. */
const FIELDS = ['', 'input.', 'tools.'].flatMap(where => MARKS.map(mark => `${where}${mark}`));
/** Levels down to where the deepest is known to stand: a piece of a document, `block.source.content[0]`. */
const DEEPEST = 4;

/** Whether the prompt has marks of what is to be cached: its caller knows better, or the pass was here before. */
export function hasCacheMarks({ turns, tools, native }: GenerationRequest): boolean {
  return (
    FIELDS.some(name => native.fields[name] != null) ||
    tools.list.some(isMarkedTool) ||
    turns.some(turn => isMarked(turn.native) || turn.parts.some(isMarkedPart))
  );
}

function isMarkedTool(tool: Tool): boolean {
  if (tool.kind === 'hosted') {
    return isMarked(tool.value);
  }
  return ('cache' in tool && tool.cache !== undefined) || isMarked(tool.native);
}

function isMarkedPart(part: Part): boolean {
  if (part.kind === 'native') {
    return isMarked(part.value);
  }
  const isOwn = 'cache' in part && part.cache !== undefined;
  const { native } = part as { readonly native?: unknown };
  return isOwn || isMarked(native) || (part.kind === 'tool-result' && part.parts.some(isMarkedPart));
}

/** Whether it, or what stands in it, has a mark. */
function isMarked(verbatim: unknown, levels = DEEPEST): boolean {
  if (typeof verbatim !== 'object' || verbatim === null) {
    return false;
  }
  const members = verbatim as Readonly<Record<string, unknown>>;
  return (
    MARKS.some(mark => members[mark] != null) ||
    (levels > 0 && Object.values(members).some(member => isMarked(member, levels - 1)))
  );
}
