import type { FunctionDeclaration, Tool as WireTool } from '@google/genai';
import type { CustomTool, FunctionTool, HostedTool, ToolSettings } from '../domain/conversation.js';
import type { Losses } from '../domain/losses.js';
import { FREE_TEXT_SCHEMA } from '../domain/tool-input.js';
import { dropCacheMark, type WriteContext } from './write-context.js';

export interface WrittenTools {
  readonly tools?: WireTool[];
  readonly toolConfig?: { readonly functionCallingConfig: CallingConfig };
}

interface CallingConfig {
  readonly mode: 'AUTO' | 'ANY' | 'NONE' | 'VALIDATED';
  readonly allowedFunctionNames?: string[];
}

/** `tools` and `toolConfig`. A choice means nothing without functions to choose from. */
export function writeTools(settings: ToolSettings, context: WriteContext): WrittenTools {
  const { losses, target } = context;
  if (settings.list.length > 0 && target.traits.tools === false) {
    losses.refused('tools', `The model '${target.model}' calls no tools.`);
    return {};
  }
  const functions: FunctionDeclaration[] = [];
  const hosted: WireTool[] = [];
  for (const tool of settings.list) {
    if (tool.kind === 'hosted') {
      hosted.push(...writeHosted(tool, settings, losses));
    } else {
      functions.push(tool.kind === 'function' ? writeFunction(tool, context) : writeCustom(tool, losses));
    }
  }
  if (settings.parallel === false && functions.length > 0) {
    losses.dropped('parallel_tool_calls', 'Gemini cannot be kept from calling several tools in one turn.');
  }
  const tools = functions.length > 0 ? [{ functionDeclarations: functions }, ...hosted] : hosted;
  const config = functions.length > 0 ? callingConfig(settings) : undefined;
  return {
    ...(tools.length > 0 && { tools }),
    ...(config && { toolConfig: { functionCallingConfig: config } }),
  };
}

/** The schema goes as it is: `parameters`, the older field, takes a subset of JSON Schema only. */
function writeFunction(tool: FunctionTool, context: WriteContext): FunctionDeclaration {
  dropCacheMark(tool.cache, context.losses);
  return {
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    ...(tool.parameters && { parametersJsonSchema: tool.parameters }),
    ...(context.native && tool.native),
  };
}

function writeCustom(tool: CustomTool, losses: Losses): FunctionDeclaration {
  losses.approximated('tools.custom', 'A free-text tool became a function with one string `input`.');
  return {
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    parametersJsonSchema: FREE_TEXT_SCHEMA,
  };
}

function writeHosted(tool: HostedTool, { list, choice }: ToolSettings, losses: Losses): WireTool[] {
  if (tool.dialect === 'gemini') {
    return [{ ...(tool.value as WireTool) }];
  }
  const forced = choice?.kind === 'named' && choice.name === tool.type;
  if (forced || list.every(({ kind }) => kind === 'hosted')) {
    losses.refused('tools', `The hosted tool '${tool.type}' does not exist at Google.`);
  } else {
    losses.dropped('tools', `The hosted tool '${tool.type}' does not exist at Google and was left out.`);
  }
  return [];
}

/**
 * VALIDATED is AUTO with calls that fit their schemas, which is what `strict` asks for; and it takes a list of allowed
 * names, which AUTO does not. https://ai.google.dev/api/caching#Mode_1
 */
function callingConfig({ list, choice }: ToolSettings): CallingConfig | undefined {
  const strict = list.some(tool => tool.kind === 'function' && tool.strict === true);
  switch (choice?.kind) {
    case undefined:
      return strict ? { mode: 'VALIDATED' } : undefined;
    case 'auto':
      return { mode: strict ? 'VALIDATED' : 'AUTO' };
    case 'none':
      return { mode: 'NONE' };
    case 'required':
      return { mode: 'ANY' };
    case 'named':
      return { mode: 'ANY', allowedFunctionNames: [choice.name] };
    case 'allowed':
      return {
        mode: choice.mode === 'required' ? 'ANY' : 'VALIDATED',
        allowedFunctionNames: choice.tools.map(({ name }) => name),
      };
  }
}
