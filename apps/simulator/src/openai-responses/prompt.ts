import type { Medium, Prompt, Tool, Turn } from '../answering/prompt.js';
import { sourceOf } from '../answering/prompt.js';
import type { Json, JsonObject } from '../json.js';
import { asList, asNumber, asObject, asText, isObject } from '../json.js';
import { calledName, declaredTools } from './tools.js';

export function readPrompt(body: JsonObject): Prompt {
  const { effort, summary } = asObject(body.reasoning ?? {});
  const choice = body.tool_choice;
  return {
    model: asText(body.model),
    turns: readTurns(body),
    tools: offeredTools(body),
    mustCall: choice === 'required' || (isObject(choice) && (choice.mode ?? 'required') === 'required'),
    mayCallInParallel: body.parallel_tool_calls !== false,
    answerSchema: answerSchema(asObject(asObject(body.text ?? {}).format ?? {})),
    reasoning: effort == null ? summary != null : effort !== 'none',
    maxTokens: asNumber(body.max_output_tokens),
    stops: [],
    cache: 'automatic',
  };
}

function readTurns(body: JsonObject): readonly Turn[] {
  const turns: Turn[] = [];
  if (asText(body.instructions) !== '') {
    turns.push({ role: 'system', text: asText(body.instructions), media: [] });
  }
  if (typeof body.input === 'string') {
    return [...turns, { role: 'user', text: body.input, media: [] }];
  }
  const toolNames = new Map<string, string>();
  for (const item of asList(body.input).map(asObject)) {
    turns.push(...turnOf(item, toolNames));
  }
  return turns;
}

function turnOf(item: JsonObject, toolNames: Map<string, string>): readonly Turn[] {
  const type = asText(item.type ?? 'message');
  if (type === 'message') {
    const role = asText(item.role);
    return [{ role: role === 'user' || role === 'assistant' ? role : 'system', ...said(item.content) }];
  }
  const call = asText(item.call_id);
  if (type.endsWith('_call_output')) {
    return [{ role: 'tool', ...said(item.output), toolName: toolNames.get(call) ?? 'unknown' }];
  }
  if (type === 'function_call' || type === 'custom_tool_call') {
    toolNames.set(call, calledName(item));
    return [{ role: 'assistant', text: asText(item.name) + asText(item.arguments ?? item.input), media: [] }];
  }
  return [];
}

function said(content: Json | undefined): Pick<Turn, 'text' | 'media'> {
  if (typeof content === 'string') {
    return { text: content, media: [] };
  }
  const parts = asList(content).map(asObject);
  const texts = parts.map(part => asText(part.text ?? part.refusal)).filter(text => text !== '');
  return { text: texts.join('\n'), media: parts.flatMap(mediumOf) };
}

function mediumOf(part: JsonObject): readonly Medium[] {
  switch (part.type) {
    case 'input_image':
      return [{ kind: 'image', source: sourceOf(asText(part.image_url ?? part.file_id)) }];
    case 'input_file':
      return [
        { kind: 'document', source: sourceOf(asText(part.file_data ?? part.file_url ?? part.file_id)) },
      ];
    default:
      return [];
  }
}

function offeredTools(body: JsonObject): readonly Tool[] {
  const { tool_choice: choice } = body;
  if (choice === 'none') {
    return [];
  }
  const tools = declaredTools(body);
  if (!isObject(choice)) {
    return tools;
  }
  const named = choice.type === 'allowed_tools' ? asList(choice.tools) : [choice];
  const names = named.map(each => asText(asObject(each).name));
  return tools.filter(tool => names.includes(tool.name));
}

function answerSchema(format: JsonObject): JsonObject | undefined {
  if (format.type === 'json_schema') {
    return asObject(format.schema);
  }
  return format.type === 'json_object' ? {} : undefined;
}
