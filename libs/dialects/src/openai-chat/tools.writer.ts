import type {
  CustomTool,
  FunctionTool,
  HostedTool,
  ToolChoice,
  ToolSettings,
} from '../domain/conversation.js';
import { FREE_TEXT_SCHEMA } from '../domain/tool-input.js';
import { cacheControl, ownMark } from './cache-marks.js';
import { merge, type Wire } from '../domain/wire.js';
import { lose, takesCustom, type WriteContext } from './write-context.js';

/** `tools`, `tool_choice` and `parallel_tool_calls`, or `functions` for a caller that spoke of them. */
export function writeTools(settings: ToolSettings, legacy: boolean, context: WriteContext): Wire {
  const { own, losses, target } = context;
  const { list, choice, parallel } = settings;
  if (list.length > 0 && target.traits.tools === false) {
    losses.refused('tools', `The model '${target.model}' calls no tools.`);
    return {};
  }
  if (legacy) {
    return writeLegacy(list, choice);
  }
  const tools = list.flatMap(tool => writeTool(tool, settings, context) ?? []);
  // OpenAI refuses both without tools; the dialect's own callers get its answer to that.
  const sayHow = own || tools.length > 0;
  return {
    ...(tools.length > 0 && { tools }),
    ...(choice && sayHow && { tool_choice: writeChoice(choice, context) }),
    ...(parallel !== undefined && sayHow && { parallel_tool_calls: parallel }),
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
      return writeCustom(tool, context);
    default:
      return writeHosted(tool, settings, context);
  }
}

function writeFunction(tool: FunctionTool, context: WriteContext): Wire {
  if (context.own) {
    return merge({ type: 'function', function: functionOf(tool), ...ownMark(tool, context) }, tool.native);
  }
  const wire = { type: 'function', function: functionOf(tool) };
  if (tool.cache && context.target.quirks.cacheControl) {
    return { ...wire, cache_control: cacheControl(tool.cache, context) };
  }
  if (tool.cache) {
    lose(context, 'dropped', 'tools.cache_control', 'Chat has no cache marks on tools.');
  }
  return wire;
}

function functionOf({ name, description, parameters, strict }: FunctionTool): Record<string, unknown> {
  return {
    name,
    ...(description !== undefined && { description }),
    ...(parameters && { parameters }),
    ...(strict !== undefined && { strict }),
  };
}

function writeCustom(tool: CustomTool, context: WriteContext): Wire {
  const { name, description, format, native } = tool;
  if (!takesCustom(context)) {
    context.losses.approximated(
      'tools.custom',
      'A free-text tool became a function with one string `input`.',
    );
    return {
      type: 'function',
      function: functionOf({ kind: 'function', name, description, parameters: FREE_TEXT_SCHEMA }),
    };
  }
  const custom = {
    name,
    ...(description !== undefined && { description }),
    ...(format !== undefined && { format }),
  };
  return merge({ type: 'custom', custom }, context.own ? native : undefined);
}

function writeHosted(
  tool: HostedTool,
  { list, choice }: ToolSettings,
  { losses, target }: WriteContext,
): Wire | null {
  if (tool.dialect === 'openai-chat') {
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
      return named(choice, context);
    case 'allowed':
      if (choice.hosted && !context.own) {
        lose(context, 'dropped', 'tool_choice', 'Hosted tools were left out of the allowed ones.');
      }
      return {
        type: 'allowed_tools',
        allowed_tools: {
          mode: choice.mode,
          tools: [
            ...choice.tools.map(tool => named(tool, context)),
            ...((context.own && choice.hosted) || []),
          ],
        },
      };
    case 'required':
      return context.target.quirks.requiredToolChoice ?? 'required';
    default:
      return choice.kind;
  }
}

function named(
  { name, custom }: { readonly name: string; readonly custom?: boolean },
  context: WriteContext,
): Wire {
  return custom && takesCustom(context)
    ? { type: 'custom', custom: { name } }
    : { type: 'function', function: { name } };
}

function writeLegacy(list: ToolSettings['list'], choice: ToolChoice | undefined): Wire {
  const functions = list.flatMap(tool =>
    tool.kind === 'function' ? merge(functionOf(tool), tool.native?.['function'] as Wire | undefined) : [],
  );
  return {
    functions,
    ...(choice && { function_call: choice.kind === 'named' ? { name: choice.name } : choice.kind }),
  };
}
