import type {
  CustomTool,
  FunctionTool,
  HostedTool,
  ToolChoice,
  ToolSettings,
} from '../domain/conversation.js';
import { isObject, objectAt, type Wire } from '../domain/wire.js';
import { lose, type WriteContext } from '../openai-chat/write-context.js';

/** `tools`, `tool_choice` and `parallel_tool_calls`; the latter two are refused by OpenAI without tools. */
export function writeTools(settings: ToolSettings, context: WriteContext): Wire {
  const { losses, target } = context;
  const { list, choice, parallel } = settings;
  if (list.length > 0 && target.traits.tools === false) {
    losses.refused('tools', `The model '${target.model}' calls no tools.`);
    return {};
  }
  const tools = list.flatMap(tool => writeTool(tool, settings, context) ?? []);
  return tools.length === 0
    ? {}
    : {
        tools,
        ...(choice && { tool_choice: writeChoice(choice, context) }),
        ...(parallel !== undefined && { parallel_tool_calls: parallel }),
      };
}

function writeTool(
  tool: ToolSettings['list'][number],
  settings: ToolSettings,
  context: WriteContext,
): Wire | null {
  switch (tool.kind) {
    case 'function':
      return writeFunction(tool, context);
    case 'custom':
      return writeCustom(tool);
    default:
      return writeHosted(tool, settings, context);
  }
}

/** Left to itself the API is strict, which schemas of other dialects are not made for. */
function writeFunction(tool: FunctionTool, context: WriteContext): Wire {
  if (tool.cache) {
    lose(context, 'dropped', 'tools.cache_control', 'Responses has no cache marks on tools.');
  }
  const { name, description, parameters, strict } = tool;
  return {
    type: 'function',
    name,
    ...(description !== undefined && { description }),
    parameters: parameters ?? null,
    strict: strict ?? false,
  };
}

function writeCustom({ name, description, format }: CustomTool): Wire {
  return {
    type: 'custom',
    name,
    ...(description !== undefined && { description }),
    ...(format !== undefined && { format: customFormat(format) }),
  };
}

/** Chat's form, which is the canonical one, has the grammar in an object of its own. */
function customFormat(format: unknown): unknown {
  const grammar = isObject(format) ? objectAt(format, 'grammar') : undefined;
  return isObject(format) && grammar ? { type: format['type'], ...grammar } : format;
}

function writeHosted(
  tool: HostedTool,
  { list, choice }: ToolSettings,
  { losses, target }: WriteContext,
): Wire | null {
  if (tool.dialect === 'openai-responses') {
    return tool.value as Wire;
  }
  const alone = list.every(other => other.kind === 'hosted');
  const forced = choice?.kind === 'named' && choice.name === tool.type;
  const detail = `The hosted tool '${tool.type}' does not exist at '${target.vendor}'.`;
  if (alone || forced) {
    losses.refused('tools', detail);
  } else {
    losses.dropped('tools', detail);
  }
  return null;
}

function writeChoice(choice: ToolChoice, context: WriteContext): unknown {
  switch (choice.kind) {
    case 'named':
      return named(choice);
    case 'allowed':
      if (choice.hosted) {
        lose(context, 'dropped', 'tool_choice', 'Hosted tools were left out of the allowed ones.');
      }
      return { type: 'allowed_tools', mode: choice.mode, tools: choice.tools.map(named) };
    default:
      return choice.kind;
  }
}

function named({ name, custom }: { readonly name: string; readonly custom?: boolean }): Wire {
  return { type: custom ? 'custom' : 'function', name };
}
