import type { Tool, ToolChoice, ToolSettings } from '../domain/conversation.js';
import {
  at,
  invalid,
  objectIn,
  optionalFlag,
  optionalList,
  optionalObject,
  optionalText,
  requiredObject,
  requiredText,
} from '../domain/fields.js';
import { cacheOf } from './cache-marks.js';
import type { Remainder } from './settings.reader.js';
import { isAbsent, isObject, leftover, type Wire, withoutUndefined } from '../domain/wire.js';

const TOOL_KEYS: ReadonlySet<string> = new Set(['type']);
const FUNCTION_KEYS: ReadonlySet<string> = new Set(['name', 'description', 'parameters', 'strict']);
const CUSTOM_KEYS: ReadonlySet<string> = new Set(['name', 'description', 'format']);

/** `tools` and `tool_choice`, or their forerunners `functions` and `function_call`. */
export function readTools(body: Wire, remainder: Remainder): ToolSettings {
  const tools = optionalList(body, 'tools', '');
  const functions = optionalList(body, 'functions', '');
  const legacy = functions !== undefined && !tools;
  if (legacy) {
    remainder.spelling.tools = 'functions';
  } else {
    keepLegacy(body, remainder.native);
  }
  const choice = legacy ? readLegacyChoice(body) : readChoice(body, remainder);
  return withoutUndefined({
    list:
      tools?.map((tool, index) => readTool(tool, `tools[${index}]`)) ??
      functions?.map((tool, index) => readFunction({ function: tool }, `functions[${index}]`)) ??
      [],
    choice,
    parallel: optionalFlag(body, 'parallel_tool_calls', ''),
  });
}

/** Beside `tools`, or without functions, the forerunners mean nothing to anyone but the vendor. */
function keepLegacy(body: Wire, native: Record<string, unknown>): void {
  for (const field of ['functions', 'function_call']) {
    if (!isAbsent(body[field])) {
      native[field] = body[field];
    }
  }
}

function readTool(value: unknown, path: string): Tool {
  const tool = objectIn(value, path, 'a tool such as {"type": "function", "function": {"name": …}}');
  // Mistral's clients leave the type of functions out.
  switch (tool['type'] ?? 'function') {
    case 'function':
      return readFunction(tool, at(path, 'function'));
    case 'custom':
      return readCustom(tool, at(path, 'custom'));
    default:
      return {
        kind: 'hosted',
        dialect: 'openai-chat',
        type: requiredText(tool, 'type', path),
        value: tool,
      };
  }
}

function readFunction(tool: Wire, path: string): Tool {
  const inner = objectIn(tool['function'], path, 'an object with `name`, `description` and `parameters`');
  return withoutUndefined({
    kind: 'function' as const,
    name: requiredText(inner, 'name', path),
    description: optionalText(inner, 'description', path),
    parameters: optionalObject(inner, 'parameters', path),
    strict: optionalFlag(inner, 'strict', path),
    cache: cacheOf(tool),
    native: leftover(tool, TOOL_KEYS, 'function', FUNCTION_KEYS),
  });
}

function readCustom(tool: Wire, path: string): Tool {
  const inner = objectIn(tool['custom'], path, 'an object with `name`');
  return withoutUndefined({
    kind: 'custom' as const,
    name: requiredText(inner, 'name', path),
    description: optionalText(inner, 'description', path),
    format: inner['format'] ?? undefined,
    native: leftover(tool, TOOL_KEYS, 'custom', CUSTOM_KEYS),
  });
}

function readChoice(body: Wire, { native, spelling }: Remainder): ToolChoice | undefined {
  const value = body['tool_choice'];
  if (isAbsent(value)) {
    return undefined;
  }
  if (isObject(value)) {
    return readNamed(value, native);
  }
  switch (value) {
    case 'auto':
      return { kind: 'auto' };
    case 'none':
      return { kind: 'none' };
    case 'required':
      return { kind: 'required' };
    case 'any':
      spelling.toolChoice = 'any';
      return { kind: 'required' };
    default:
      throw invalid(
        'tool_choice',
        '"auto", "none", "required", or {"type": "function", "function": {"name": …}}',
      );
  }
}

function readNamed(choice: Wire, native: Record<string, unknown>): ToolChoice {
  const path = 'tool_choice';
  switch (choice['type'] ?? 'function') {
    case 'function':
      return { kind: 'named', name: nameIn(choice, 'function', path) };
    case 'custom':
      return { kind: 'named', name: nameIn(choice, 'custom', path), custom: true };
    case 'allowed_tools':
      return readAllowed(requiredObject(choice, 'allowed_tools', path), `${path}.allowed_tools`);
    default:
      native[path] = choice;
      return { kind: 'named', name: requiredText(choice, 'type', path) };
  }
}

function readAllowed(wire: Wire, path: string): ToolChoice {
  const mode = wire['mode'];
  if (mode !== 'auto' && mode !== 'required') {
    throw invalid(at(path, 'mode'), '"auto" or "required"');
  }
  const tools: { name: string; custom?: boolean }[] = [];
  const hosted: unknown[] = [];
  (optionalList(wire, 'tools', path) ?? []).forEach((value, index) => {
    const here = `${path}.tools[${index}]`;
    const tool = objectIn(value, here);
    if (tool['type'] === 'function' || tool['type'] === 'custom') {
      const custom = tool['type'] === 'custom';
      tools.push({ name: nameIn(tool, tool['type'], here), ...(custom && { custom }) });
    } else {
      hosted.push(tool);
    }
  });
  return { kind: 'allowed', mode, tools, ...(hosted.length > 0 && { hosted }) };
}

function nameIn(wire: Wire, key: string, path: string): string {
  return requiredText(requiredObject(wire, key, path, 'an object with `name`'), 'name', at(path, key));
}

/** `function_call`: `auto`, `none` or `{name}`. */
function readLegacyChoice(body: Wire): ToolChoice | undefined {
  const value = body['function_call'];
  if (isAbsent(value)) {
    return undefined;
  }
  if (value === 'auto' || value === 'none') {
    return { kind: value };
  }
  const choice = objectIn(value, 'function_call', '"auto", "none" or {"name": …}');
  return { kind: 'named', name: requiredText(choice, 'name', 'function_call') };
}
