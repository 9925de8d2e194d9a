import type { Medium, Prompt, Turn } from '../answering/prompt.js';
import { base64Bytes } from '../answering/prompt.js';
import type { JsonObject } from '../json.js';
import { asList, asNumber, asObject, asText } from '../json.js';
import { blocksOf } from './check-messages.js';

export function readPrompt(body: JsonObject): Prompt {
  const choice = asObject(body.tool_choice);
  const tools = asList(body.tools)
    .map(asObject)
    .filter(tool => tool.input_schema !== undefined)
    .map(tool => ({ name: asText(tool.name), schema: asObject(tool.input_schema) }));
  const named = choice.type === 'tool' ? tools.filter(tool => tool.name === choice.name) : tools;
  const thinking = asText(asObject(body.thinking).type);
  const format = asObject(body.output_config).format;
  return {
    model: asText(body.model),
    ...readTurns(body),
    tools: choice.type === 'none' ? [] : named,
    mustCall: choice.type === 'any' || choice.type === 'tool',
    mayCallInParallel: choice.disable_parallel_tool_use !== true,
    answerSchema: format == null ? undefined : asObject(asObject(format).schema),
    reasoning: thinking === 'enabled' || thinking === 'adaptive',
    maxTokens: asNumber(body.max_tokens),
    stops: asList(body.stop_sequences).map(asText),
  };
}

/** The cache keeps what lies before the last block marked with `cache_control`, here by whole turns. */
function readTurns(body: JsonObject): Pick<Prompt, 'turns' | 'cacheableTurns'> {
  const toolNames = new Map<string, string>();
  const system = blocksOf({ content: body.system });
  const turns: Turn[] = system.some(block => block.text)
    ? [{ role: 'system', text: textOf(system), media: [] }]
    : [];
  let cacheableTurns = marked(system) ? turns.length : 0;
  for (const message of asList(body.messages).map(asObject)) {
    const blocks = blocksOf(message);
    turns.push(...turnsOf(asText(message.role), blocks, toolNames));
    cacheableTurns = marked(blocks) ? turns.length : cacheableTurns;
  }
  return { turns, cacheableTurns: body.cache_control == null ? cacheableTurns : turns.length };
}

function marked(blocks: readonly JsonObject[]): boolean {
  return blocks.some(block => block.cache_control != null);
}

function turnsOf(
  role: string,
  blocks: readonly JsonObject[],
  toolNames: Map<string, string>,
): readonly Turn[] {
  const turns: Turn[] = [];
  for (const block of blocks) {
    if (block.type === 'tool_use') {
      toolNames.set(asText(block.id), asText(block.name));
    }
    if (block.type === 'tool_result') {
      const content = blocksOf(block);
      turns.push({
        role: 'tool',
        text: textOf(content),
        media: content.flatMap(mediumOf),
        toolName: toolNames.get(asText(block.tool_use_id)) ?? 'unknown',
        failed: block.is_error === true,
      });
    }
  }
  const rest = blocks.filter(block => block.type !== 'tool_result');
  if (rest.length > 0) {
    const speaker = role === 'user' || role === 'assistant' ? role : 'system';
    turns.push({ role: speaker, text: textOf(rest), media: rest.flatMap(mediumOf) });
  }
  return turns;
}

function textOf(blocks: readonly JsonObject[]): string {
  return blocks
    .map(block =>
      block.type === 'tool_use' ? asText(block.name) + JSON.stringify(block.input) : asText(block.text),
    )
    .filter(text => text !== '')
    .join('\n');
}

function mediumOf(block: JsonObject): readonly Medium[] {
  if (block.type !== 'image' && block.type !== 'document') {
    return [];
  }
  const { type, data, url, file_id } = asObject(block.source);
  const inline = type === 'text' ? Buffer.byteLength(asText(data)) : base64Bytes(asText(data));
  return [{ kind: block.type, source: data === undefined ? asText(url ?? file_id) : inline }];
}
