import type { FunctionTool, HostedTool, Tool, ToolChoice, ToolSettings } from '../domain/conversation.js';
import {
  at,
  invalid,
  objectIn,
  optionalList,
  optionalObject,
  optionalText,
  optionalTexts,
  requiredText,
} from '../domain/fields.js';
import { isAbsent, isObject, leftover, type Wire, withoutUndefined } from '../domain/wire.js';
import { camelNames } from './member-names.js';
import { keepByPath, type NativeByPath } from './request-settings.reader.js';
import { toJsonSchema } from './schema.js';

const FUNCTION: ReadonlySet<string> = new Set(['name', 'description', 'parameters', 'parametersJsonSchema']);
const CONFIG = 'toolConfig';
const CALLING = `${CONFIG}.functionCallingConfig`;
const CONFIG_KEYS: ReadonlySet<string> = new Set(['functionCallingConfig']);
const CALLING_KEYS: ReadonlySet<string> = new Set(['mode', 'allowedFunctionNames']);

/** `tools` and `toolConfig`. One tool alone is taken too, as Google takes it. */
export function readTools(body: Wire, native: NativeByPath): ToolSettings {
  const { tools } = body;
  const list = isObject(tools) ? [tools] : (optionalList(body, 'tools', '') ?? []);
  return withoutUndefined({
    list: list.flatMap((tool, index) => readTool(tool, `tools[${index}]`)),
    choice: readChoice(body, native),
  });
}

/** A tool of Google's may hold many functions, and tools that Google runs itself, each under its name. */
function readTool(value: unknown, path: string): Tool[] {
  const tool = camelNames(objectIn(value, path, 'a tool such as {"functionDeclarations": [{"name": …}]}'));
  const { functionDeclarations: _functions, ...hosted } = tool;
  const inner = at(path, 'functionDeclarations');
  return [
    ...(optionalList(tool, 'functionDeclarations', path) ?? []).map((declared, index) =>
      readFunction(declared, `${inner}[${index}]`),
    ),
    ...Object.entries(hosted)
      .filter(([, member]) => !isAbsent(member))
      .map(([type, member]): HostedTool => ({
        kind: 'hosted',
        dialect: 'gemini',
        type,
        value: { [type]: member },
      })),
  ];
}

function readFunction(value: unknown, path: string): FunctionTool {
  const wire = camelNames(objectIn(value, path, 'a function such as {"name": …, "parametersJsonSchema": …}'));
  const older = optionalObject(wire, 'parameters', path);
  return withoutUndefined({
    kind: 'function' as const,
    name: requiredText(wire, 'name', path),
    description: optionalText(wire, 'description', path),
    parameters: optionalObject(wire, 'parametersJsonSchema', path) ?? (older && toJsonSchema(older)),
    native: leftover(wire, FUNCTION),
  });
}

function readChoice(body: Wire, native: NativeByPath): ToolChoice | undefined {
  const config = camelNames(optionalObject(body, CONFIG, '') ?? {});
  keepByPath(leftover(config, CONFIG_KEYS), CONFIG, native);
  const calling = camelNames(optionalObject(config, 'functionCallingConfig', CONFIG) ?? {});
  keepByPath(leftover(calling, CALLING_KEYS), CALLING, native);
  const mode = optionalText(calling, 'mode', CALLING)?.toUpperCase();
  const names = optionalTexts(calling, 'allowedFunctionNames', CALLING) ?? [];
  switch (mode) {
    case undefined:
    case 'MODE_UNSPECIFIED':
      return undefined;
    case 'NONE':
      return { kind: 'none' };
    case 'AUTO':
      return { kind: 'auto' };
    case 'ANY':
      return forced(names);
    case 'VALIDATED':
      if (names.length === 0) {
        native[`${CALLING}.mode`] = mode;
        return { kind: 'auto' };
      }
      return { kind: 'allowed', mode: 'auto', tools: names.map(name => ({ name })) };
    default:
      throw invalid(`${CALLING}.mode`, '"AUTO", "ANY", "NONE" or "VALIDATED"');
  }
}

function forced(names: readonly string[]): ToolChoice {
  const [name, ...others] = names;
  if (name === undefined) {
    return { kind: 'required' };
  }
  return others.length === 0
    ? { kind: 'named', name }
    : { kind: 'allowed', mode: 'required', tools: names.map(each => ({ name: each })) };
}
