import type { Medium, Prompt, Tool, Turn } from '../answering/prompt.js';
import { base64Bytes, kindOfMediaType } from '../answering/prompt.js';
import type { Json, JsonObject } from '../json.js';
import { asList, asNumber, asObject, asText, isObject } from '../json.js';
import { field } from './fields.js';

export function readPrompt(body: JsonObject, model: string): Prompt {
  const settings = asObject(field(body, 'generationConfig'));
  const calling = field(field(body, 'toolConfig'), 'functionCallingConfig');
  const mode = asText(field(calling, 'mode')).toUpperCase();
  const allowed = asList(field(calling, 'allowedFunctionNames')).map(asText);
  const tools = declaredTools(body.tools).filter(tool => allowed.length === 0 || allowed.includes(tool.name));
  return {
    model,
    turns: [...systemTurns(body), ...asList(body.contents).map(asObject).flatMap(turnsOf)],
    tools: mode === 'NONE' ? [] : tools,
    mustCall: mode === 'ANY',
    mayCallInParallel: true,
    answerSchema: answerSchema(settings),
    reasoning: thinks(asObject(field(settings, 'thinkingConfig'))),
    maxTokens: asNumber(field(settings, 'maxOutputTokens')),
    stops: asList(field(settings, 'stopSequences')).map(asText),
    cache: 'automatic',
  };
}

function thinks(thinking: JsonObject): boolean {
  const budget = field(thinking, 'thinkingBudget');
  return Object.keys(thinking).length > 0 && budget !== 0;
}

function answerSchema(settings: JsonObject): JsonObject | undefined {
  if (field(settings, 'responseMimeType') !== 'application/json') {
    return undefined;
  }
  return asObject(field(settings, 'responseJsonSchema') ?? field(settings, 'responseSchema'));
}

function declaredTools(tools: Json | undefined): readonly Tool[] {
  return (isObject(tools) ? [tools] : asList(tools))
    .flatMap(tool => asList(field(tool, 'functionDeclarations')))
    .map(asObject)
    .map(declaration => ({
      name: asText(declaration.name),
      schema: asObject(field(declaration, 'parametersJsonSchema') ?? declaration.parameters),
    }));
}

function systemTurns(body: JsonObject): readonly Turn[] {
  const parts = asList(asObject(field(body, 'systemInstruction')).parts).map(asObject);
  return parts.length === 0 ? [] : [{ role: 'system', text: textOf(parts), media: [] }];
}

function turnsOf(content: JsonObject): readonly Turn[] {
  const parts = asList(content.parts).map(asObject);
  const results = parts.filter(part => field(part, 'functionResponse') !== undefined);
  const rest = parts.filter(part => field(part, 'functionResponse') === undefined);
  const turns: Turn[] = results.map(part => resultTurn(field(part, 'functionResponse')));
  if (rest.length > 0) {
    const role = content.role === 'model' ? 'assistant' : 'user';
    turns.push({ role, text: textOf(rest), media: rest.flatMap(mediumOf) });
  }
  return turns;
}

function resultTurn(result: Json | undefined): Turn {
  const response = asObject(field(result, 'response'));
  const only =
    Object.keys(response).length === 1 ? (response.output ?? response.result ?? response.error) : undefined;
  return {
    role: 'tool',
    text: typeof only === 'string' ? only : JSON.stringify(only ?? response),
    media: asList(field(result, 'parts')).map(asObject).flatMap(mediumOf),
    toolName: asText(field(result, 'name')),
    failed: response.error !== undefined,
  };
}

function textOf(parts: readonly JsonObject[]): string {
  return parts
    .filter(part => part.thought !== true)
    .map(part => {
      const call = field(part, 'functionCall');
      return call === undefined ? asText(part.text) : JSON.stringify(call);
    })
    .filter(text => text !== '')
    .join('\n');
}

function mediumOf(part: JsonObject): readonly Medium[] {
  const inline = field(part, 'inlineData');
  const file = field(part, 'fileData');
  if (inline !== undefined) {
    const kind = kindOfMediaType(asText(field(inline, 'mimeType')));
    return [{ kind, source: base64Bytes(asText(field(inline, 'data'))) }];
  }
  return file === undefined
    ? []
    : [{ kind: kindOfMediaType(asText(field(file, 'mimeType'))), source: asText(field(file, 'fileUri')) }];
}
