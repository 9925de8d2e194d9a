import type { CacheMark, Medium, Prompt, Turn } from '../answering/prompt.js';
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

const MINUTE_MS = 60_000;

/** Blocks marked with `cache_control` mark their whole turn here; one on the body marks the last. */
function readTurns(body: JsonObject): Pick<Prompt, 'turns' | 'cache'> {
  const toolNames = new Map<string, string>();
  const system = blocksOf({ content: body.system });
  const turns: Turn[] = [];
  const cache: CacheMark[] = [];
  const mark = (blocks: readonly JsonObject[]): void => {
    const found = blocks.findLast(block => block.cache_control != null);
    if (found) {
      const minutes = asObject(found.cache_control).ttl === '1h' ? 60 : 5;
      cache.push({ turns: turns.length, keepMs: minutes * MINUTE_MS });
    }
  };
  mark(asList(body.tools).map(asObject));
  if (system.some(block => block.text)) {
    turns.push({ role: 'system', text: textOf(system), media: [] });
  }
  mark(system);
  for (const message of asList(body.messages).map(asObject)) {
    const blocks = blocksOf(message);
    turns.push(...turnsOf(asText(message.role), blocks, toolNames));
    mark(blocks);
  }
  mark([body]);
  return { turns, cache };
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
