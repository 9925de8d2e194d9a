import type { Medium, Prompt, Tool, Turn } from '../answering/prompt.js';
import { base64Bytes, sourceOf } from '../answering/prompt.js';
import type { Json, JsonObject } from '../json.js';
import { asList, asNumber, asObject, asText, isObject } from '../json.js';

export function readPrompt(body: JsonObject): Prompt {
  return {
    model: asText(body.model),
    turns: readTurns(asList(body.messages).map(asObject)),
    tools: offeredTools(body),
    mustCall: body.tool_choice === 'required' || isNamedChoice(body.tool_choice),
    mayCallInParallel: body.parallel_tool_calls !== false,
    answerSchema: answerSchema(asObject(body.response_format)),
    reasoning: body.reasoning_effort != null && body.reasoning_effort !== 'none',
    maxTokens: asNumber(body.max_completion_tokens) ?? asNumber(body.max_tokens),
    stops: typeof body.stop === 'string' ? [body.stop] : asList(body.stop).map(asText),
    cache: 'automatic',
  };
}

function readTurns(messages: readonly JsonObject[]): readonly Turn[] {
  const toolNames = new Map<string, string>();
  return messages.map(message => {
    const calls = asList(message.tool_calls).map(asObject);
    for (const call of calls) {
      toolNames.set(asText(call.id), asText(asObject(call.function ?? call.custom).name));
    }
    const parts = typeof message.content === 'string' ? [] : asList(message.content).map(asObject);
    const text = typeof message.content === 'string' ? message.content : textOfParts(parts);
    const turn = {
      role: roleOf(asText(message.role)),
      text: calls.length > 0 ? text + JSON.stringify(calls) : text,
      media: parts.flatMap(mediumOf),
    };
    return turn.role === 'tool'
      ? { ...turn, toolName: toolNames.get(asText(message.tool_call_id)) ?? 'unknown' }
      : turn;
  });
}

function roleOf(role: string): Turn['role'] {
  return role === 'user' || role === 'assistant' || role === 'tool' ? role : 'system';
}

function textOfParts(parts: readonly JsonObject[]): string {
  return parts
    .map(part => asText(part.text ?? part.refusal))
    .filter(text => text !== '')
    .join('\n');
}

function mediumOf(part: JsonObject): readonly Medium[] {
  switch (part.type) {
    case 'image_url':
      return [{ kind: 'image', source: sourceOf(asText(asObject(part.image_url).url)) }];
    case 'input_audio':
      return [{ kind: 'audio recording', source: base64Bytes(asText(asObject(part.input_audio).data)) }];
    case 'file': {
      const { file_data, file_id } = asObject(part.file);
      return [{ kind: 'document', source: sourceOf(asText(file_data ?? file_id)) }];
    }
    default:
      return [];
  }
}

function offeredTools(body: JsonObject): readonly Tool[] {
  if (body.tool_choice === 'none') {
    return [];
  }
  const tools = asList(body.tools).map(tool => {
    const { name, parameters } = asObject(asObject(tool).function ?? asObject(tool).custom);
    return { name: asText(name), schema: asObject(parameters) };
  });
  const allowed = allowedNames(body.tool_choice);
  return allowed ? tools.filter(tool => allowed.includes(tool.name)) : tools;
}

function allowedNames(choice: Json | undefined): readonly string[] | undefined {
  if (!isObject(choice)) {
    return undefined;
  }
  const named = choice.type === 'allowed_tools' ? asList(asObject(choice.allowed_tools).tools) : [choice];
  return named.map(each => asText(asObject(asObject(each).function ?? asObject(each).custom).name));
}

function isNamedChoice(choice: Json | undefined): boolean {
  return (
    isObject(choice) &&
    (choice.type !== 'allowed_tools' || asObject(choice.allowed_tools).mode === 'required')
  );
}

function answerSchema(format: JsonObject): JsonObject | undefined {
  if (format.type === 'json_schema') {
    return asObject(asObject(format.json_schema).schema);
  }
  return format.type === 'json_object' ? {} : undefined;
}
