import type { Tool, ToolChoice, ToolSettings } from '../domain/conversation.js';
import {
  invalid,
  objectIn,
  optionalFlag,
  optionalList,
  optionalObject,
  optionalText,
  requiredObject,
  requiredText,
} from '../domain/fields.js';
import { type Wire, withoutUndefined } from '../domain/wire.js';
import { readCacheMark } from './cache-marks.js';
import type { ReadContext } from './read-context.js';

const TOOL_KEYS: ReadonlySet<string> = new Set([
  'type',
  'name',
  'description',
  'input_schema',
  'strict',
  'cache_control',
]);

/** `tools` and `tool_choice`, which also says whether several calls at once are wanted. */
export function readTools(body: Wire, context: ReadContext): ToolSettings {
  const choice = optionalObject(body, 'tool_choice', '');
  const single = choice && optionalFlag(choice, 'disable_parallel_tool_use', 'tool_choice');
  return withoutUndefined({
    list: (optionalList(body, 'tools', '') ?? []).map((tool, index) =>
      readTool(tool, `tools[${index}]`, context),
    ),
    choice: choice && readChoice(choice),
    parallel: single ? false : undefined,
  });
}

/** Every type but `custom` is a tool that Anthropic runs itself, or whose schema only its models know. */
function readTool(value: unknown, path: string, context: ReadContext): Tool {
  const tool = objectIn(value, path, 'a tool such as {"name": …, "input_schema": {"type": "object", …}}');
  const type = optionalText(tool, 'type', path);
  if (type !== undefined && type !== 'custom') {
    return { kind: 'hosted', dialect: 'anthropic-messages', type, value: tool };
  }
  return withoutUndefined({
    kind: 'function' as const,
    name: requiredText(tool, 'name', path),
    description: optionalText(tool, 'description', path),
    parameters: requiredObject(tool, 'input_schema', path, 'a JSON schema of the type object'),
    strict: optionalFlag(tool, 'strict', path),
    cache: readCacheMark(tool),
    native: context.rest(tool, TOOL_KEYS, 'tools'),
  });
}

function readChoice(choice: Wire): ToolChoice {
  switch (choice['type']) {
    case 'auto':
    case 'none':
      return { kind: choice['type'] };
    case 'any':
      return { kind: 'required' };
    case 'tool':
      return { kind: 'named', name: requiredText(choice, 'name', 'tool_choice') };
    default:
      throw invalid('tool_choice.type', 'one of auto, any, tool, none');
  }
}
