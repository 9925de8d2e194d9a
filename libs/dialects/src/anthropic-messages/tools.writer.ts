import type { Tool as ToolParam, ToolChoice as ToolChoiceParam } from '@anthropic-ai/sdk/resources/messages';
import type { CustomTool, FunctionTool, HostedTool, ToolSettings } from '../domain/conversation.js';
import type { Losses } from '../domain/losses.js';
import { FREE_TEXT_SCHEMA } from '../domain/tool-input.js';
import { cacheControl } from './cache-marks.js';
import { asItWas } from './rendered.js';
import type { WriteContext } from './write-context.js';

export interface WrittenTools {
  readonly tools?: ToolParam[];
  readonly tool_choice?: ToolChoiceParam;
}

/** `tools` and `tool_choice`. A choice without tools is refused by the API, so both are left out together. */
export function writeTools(settings: ToolSettings, context: WriteContext): WrittenTools {
  const { losses, target, native } = context;
  if (settings.list.length > 0 && target.traits.tools === false) {
    losses.refused('tools', `The model '${target.model}' calls no tools.`);
    return {};
  }
  const list = allowedTools(settings);
  const callable = list.some(tool => tool.kind !== 'hosted');
  const tools = list.flatMap(tool => {
    switch (tool.kind) {
      case 'function':
        return writeFunction(tool, context);
      case 'custom':
        return writeCustom(tool, losses);
      default:
        return writeHosted(tool, callable, losses) ?? [];
    }
  });
  if (tools.length === 0) {
    return {};
  }
  const choice = writeChoice(settings);
  if (choice?.type === 'tool' && !tools.some(({ name }) => name === choice.name)) {
    losses.refused(
      'tool_choice',
      `The tool '${choice.name}' is not among the tools that Anthropic can be given.`,
    );
  }
  if ((choice?.type === 'any' || choice?.type === 'tool') && target.traits.forcedTools === false && !native) {
    losses.refused(
      'tool_choice',
      `The model '${target.model}' cannot be made to call a tool. Leave it the choice.`,
    );
  }
  return { tools, ...(choice && { tool_choice: choice }) };
}

/** Anthropic has no list of allowed tools: the others are not shown to the model. */
function allowedTools({ list, choice }: ToolSettings): ToolSettings['list'] {
  if (choice?.kind !== 'allowed') {
    return list;
  }
  const names = new Set(choice.tools.map(({ name }) => name));
  const hosted = choice.hosted?.length ?? 0;
  return list.filter(tool => (tool.kind === 'hosted' ? hosted > 0 : names.has(tool.name)));
}

function writeFunction(tool: FunctionTool, context: WriteContext): ToolParam {
  const wire: ToolParam = {
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    input_schema: { type: 'object', ...(tool.parameters ?? { properties: {} }) },
    ...(tool.strict !== undefined && { strict: tool.strict }),
    ...cacheControl(tool.cache, context.losses),
  };
  return asItWas(wire, tool.native, context);
}

function writeCustom(tool: CustomTool, losses: Losses): ToolParam {
  losses.approximated('tools.custom', 'A free-text tool became a function with one string `input`.');
  return {
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    input_schema: { ...FREE_TEXT_SCHEMA, required: [...FREE_TEXT_SCHEMA.required] },
  };
}

function writeHosted(tool: HostedTool, besidesFunctions: boolean, losses: Losses): ToolParam | null {
  if (tool.dialect === 'anthropic-messages') {
    return { ...(tool.value as ToolParam) };
  }
  if (besidesFunctions) {
    losses.dropped('tools', `The hosted tool '${tool.type}' does not exist at Anthropic and was left out.`);
  } else {
    losses.refused('tools', `The hosted tool '${tool.type}' does not exist at Anthropic.`);
  }
  return null;
}

function writeChoice({ choice, parallel }: ToolSettings): ToolChoiceParam | undefined {
  const single = parallel === false && { disable_parallel_tool_use: true };
  if (!choice) {
    return single ? { type: 'auto', ...single } : undefined;
  }
  switch (choice.kind) {
    case 'none':
      return { type: 'none' };
    case 'named':
      return { type: 'tool', name: choice.name, ...single };
    case 'allowed':
      return { type: choice.mode === 'required' ? 'any' : 'auto', ...single };
    default:
      return { type: choice.kind === 'required' ? 'any' : 'auto', ...single };
  }
}
