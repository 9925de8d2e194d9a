import type { ToolSettings, Turn } from '../domain/conversation.js';
import { stringOr, type Wire } from '../domain/wire.js';

/** Said to others in another way, or bookkeeping: no answer depends on them. */
const QUIET: ReadonlySet<string> = new Set(['inlineData', 'fileData', 'partMetadata', 'thoughtSignature']);
const CARRIED_RESOLUTIONS = /_(?:LOW|HIGH)$/;

/** Where members of parts and functions stand that only Google knows, by their path. */
export function nativeMembers(turns: readonly Turn[], tools: ToolSettings): string[] {
  const paths = new Set<string>();
  for (const part of turns.flatMap(({ parts }) => parts)) {
    note('contents.parts', 'native' in part ? part.native : undefined, paths);
  }
  for (const tool of tools.list) {
    note('tools.functionDeclarations', tool.kind === 'function' ? tool.native : undefined, paths);
  }
  return [...paths];
}

function note(path: string, native: Wire = {}, paths: Set<string>): void {
  for (const [name, value] of Object.entries(native)) {
    const isCarried = name === 'mediaResolution' && CARRIED_RESOLUTIONS.test(stringOr(value, ''));
    if (!QUIET.has(name) && !isCarried) {
      paths.add(`${path}.${name}`);
    }
  }
}
