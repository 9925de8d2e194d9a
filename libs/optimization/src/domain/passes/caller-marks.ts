import type { GenerationRequest, Part, Tool } from '@app/dialects';

/** How the dialects spell marks, in what is carried verbatim. */
const MARKS = ['cache_control', 'prompt_cache_breakpoint'] as const;

/** Whether the prompt has marks of what is to be cached: its caller knows better, or the pass was here before. */
export function hasCacheMarks({ turns, tools, native }: GenerationRequest): boolean {
  return (
    isMarked(native.fields) ||
    tools.list.some(isMarkedTool) ||
    turns.some(({ parts }) => parts.some(isMarkedPart))
  );
}

function isMarkedTool(tool: Tool): boolean {
  return tool.kind === 'hosted' ? isMarked(tool.value) : 'cache' in tool && tool.cache !== undefined;
}

function isMarkedPart(part: Part): boolean {
  if (part.kind === 'native') {
    return isMarked(part.value);
  }
  const isOwn = 'cache' in part && part.cache !== undefined;
  return isOwn || (part.kind === 'tool-result' && part.parts.some(isMarkedPart));
}

function isMarked(verbatim: unknown): boolean {
  const members = verbatim as Readonly<Record<string, unknown>> | null;
  return typeof members === 'object' && MARKS.some(mark => members?.[mark] != null);
}
