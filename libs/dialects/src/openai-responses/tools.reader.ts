import type { Tool, ToolChoice, ToolSettings } from '../domain/conversation.js';
import { cacheOf } from '../openai-chat/cache-marks.js';
import {
  at,
  invalid,
  objectIn,
  optionalFlag,
  optionalList,
  optionalObject,
  optionalText,
  requiredText,
} from '../domain/fields.js';
import { flatName, nameAmong } from './namespaces.js';
import { noteMembers } from './native-members.js';
import { isAbsent, isObject, type Wire, withoutUndefined } from '../domain/wire.js';

const TOOL_KEYS: ReadonlySet<string> = new Set([
  'type',
  'name',
  'description',
  'parameters',
  'strict',
  'format',
  'prompt_cache_breakpoint',
]);

const NAMESPACE_KEYS: ReadonlySet<string> = new Set(['type', 'name', 'description', 'tools']);

/** `tools` and `tool_choice`; `announced` are tools that items of the input brought. */
export function readTools(
  body: Wire,
  announced: readonly Tool[],
  native: Record<string, unknown>,
): ToolSettings {
  const listed = (optionalList(body, 'tools', '') ?? []).flatMap((tool, index) =>
    readTool(tool, `tools[${index}]`, native),
  );
  const list = withoutDoubles([...listed, ...announced]);
  const choice = readChoice(body, native);
  return withoutUndefined({
    list,
    choice: choice && withVendorNames(choice, list),
    parallel: optionalFlag(body, 'parallel_tool_calls', ''),
  });
}

/** A tool that was announced more than once is one. @throws InvalidRequestError (400) for two of one name */
function withoutDoubles(tools: readonly Tool[]): Tool[] {
  const origins = new Map<string, string>();
  return tools.filter(tool => {
    if (tool.kind === 'hosted') {
      return true;
    }
    const { name, group } = tool;
    const origin = group && group.namespace !== group.name ? group.namespace : '';
    const known = origins.get(name);
    if (known !== undefined && known !== origin) {
      throw invalid('tools', `another name for one of the two tools that vendors would know as '${name}'`);
    }
    origins.set(name, origin);
    return known === undefined;
  });
}

/**
 * A tool, or all those in a namespace.
 *
 * @param native grows by the members that only this dialect knows
 */
export function readTool(value: unknown, path: string, native: Record<string, unknown>): Tool[] {
  const tool = objectIn(value, path, 'a tool such as {"type": "function", "name": …}');
  return tool['type'] === 'namespace'
    ? readNamespace(tool, path, native)
    : [readSingleTool(tool, path, native)];
}

/** Others know no groups: what is said of the group is said of each of its tools. */
function readNamespace(tool: Wire, path: string, native: Record<string, unknown>): Tool[] {
  const namespace = requiredText(tool, 'name', path);
  const about = optionalText(tool, 'description', path) ?? '';
  noteMembers('tools', tool, NAMESPACE_KEYS, native);
  return (optionalList(tool, 'tools', path) ?? []).map((value, index) => {
    const here = `${path}.tools[${index}]`;
    const inner = readSingleTool(objectIn(value, here), here, native);
    if (inner.kind === 'hosted') {
      return inner;
    }
    const { name } = inner;
    const description = [inner.description, about].filter(Boolean).join('\n\n');
    return {
      ...inner,
      name: flatName(namespace, name),
      ...(description && { description }),
      group: { namespace, name },
    };
  });
}

function readSingleTool(tool: Wire, path: string, native: Record<string, unknown>): Tool {
  const type = requiredText(tool, 'type', path);
  if (type === 'function' || type === 'custom') {
    noteMembers('tools', tool, TOOL_KEYS, native);
  }
  switch (type) {
    case 'function':
      return withoutUndefined({
        kind: 'function' as const,
        name: requiredText(tool, 'name', path),
        description: optionalText(tool, 'description', path),
        parameters: optionalObject(tool, 'parameters', path),
        strict: optionalFlag(tool, 'strict', path),
        cache: cacheOf(tool),
      });
    case 'custom':
      return withoutUndefined({
        kind: 'custom' as const,
        name: requiredText(tool, 'name', path),
        description: optionalText(tool, 'description', path),
        format: readCustomFormat(optionalObject(tool, 'format', path)),
      });
    default:
      return { kind: 'hosted', dialect: 'openai-responses', type, value: tool };
  }
}

function withVendorNames(choice: ToolChoice, list: readonly Tool[]): ToolChoice {
  switch (choice.kind) {
    case 'named':
      return { ...choice, name: nameAmong(list, choice.name) };
    case 'allowed':
      return { ...choice, tools: choice.tools.map(tool => ({ ...tool, name: nameAmong(list, tool.name) })) };
    default:
      return choice;
  }
}

/** A grammar stands in an object of its own in chat, whose form is the canonical one. */
function readCustomFormat(format: Wire | undefined): Wire | undefined {
  if (format?.['type'] !== 'grammar' || format['grammar'] !== undefined) {
    return format;
  }
  const { type, ...grammar } = format;
  return { type, grammar };
}

function readChoice(body: Wire, native: Record<string, unknown>): ToolChoice | undefined {
  const value = body['tool_choice'];
  if (isAbsent(value)) {
    return undefined;
  }
  if (isObject(value)) {
    return readNamed(value, native);
  }
  if (value === 'auto' || value === 'none' || value === 'required') {
    return { kind: value };
  }
  throw invalid('tool_choice', '"auto", "none", "required", or {"type": "function", "name": …}');
}

function readNamed(choice: Wire, native: Record<string, unknown>): ToolChoice {
  const path = 'tool_choice';
  const type = requiredText(choice, 'type', path);
  switch (type) {
    case 'function':
    case 'custom':
      return {
        kind: 'named',
        name: requiredText(choice, 'name', path),
        ...(type === 'custom' && { custom: true }),
      };
    case 'allowed_tools':
      return readAllowed(choice, path);
    default:
      native[path] = choice;
      return { kind: 'named', name: type };
  }
}

function readAllowed(choice: Wire, path: string): ToolChoice {
  const { mode } = choice;
  if (mode !== 'auto' && mode !== 'required') {
    throw invalid(at(path, 'mode'), '"auto" or "required"');
  }
  const tools: { name: string; custom?: boolean }[] = [];
  const hosted: unknown[] = [];
  (optionalList(choice, 'tools', path) ?? []).forEach((value, index) => {
    const here = `${path}.tools[${index}]`;
    const tool = objectIn(value, here);
    if (tool['type'] === 'function' || tool['type'] === 'custom') {
      const custom = tool['type'] === 'custom';
      tools.push({ name: requiredText(tool, 'name', here), ...(custom && { custom }) });
    } else {
      hosted.push(tool);
    }
  });
  return { kind: 'allowed', mode, tools, ...(hosted.length > 0 && { hosted }) };
}
