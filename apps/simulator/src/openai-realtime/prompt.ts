import type { Prompt, Tool, Turn } from '../answering/prompt.js';
import { base64Bytes, sourceOf } from '../answering/prompt.js';
import type { Json, JsonObject } from '../json.js';
import { asList, asNumber, asObject, asText, isObject } from '../json.js';
import { durationOfPcm } from '../pcm.js';
import type { Item } from './conversation.js';
import type { Settings } from './settings.js';

/** Tokens of a second of speech. https://platform.openai.com/docs/guides/realtime-costs */
const TOKENS_PER_SECOND_HEARD = 10;
const TOKENS_PER_SECOND_SPOKEN = 20;

export function tokensHeard(ms: number): number {
  return Math.floor((ms * TOKENS_PER_SECOND_HEARD) / 1000);
}

export function tokensSpoken(ms: number): number {
  return Math.ceil((ms * TOKENS_PER_SECOND_SPOKEN) / 1000);
}

/**
 * What an answer is to be about.
 *
 * @param settings the session's, and over them the response's own
 * @param hearing whether speech is put into words: it is answered in words, and paid as sound
 */
export function readPrompt(settings: Settings, items: readonly Item[], hearing: boolean): Prompt {
  const { model, instructions, tool_choice, max_output_tokens, reasoning } = settings;
  const system = asText(instructions);
  const effort = asObject(reasoning).effort;
  return {
    model: asText(model),
    turns: [
      ...(system === '' ? [] : [{ role: 'system' as const, text: system, media: [] }]),
      ...items.map(item => turnOf(item, items, hearing)),
    ],
    tools: offeredTools(settings.tools, tool_choice),
    mustCall: tool_choice === 'required' || isObject(tool_choice),
    mayCallInParallel: settings.parallel_tool_calls !== false,
    answerSchema: undefined,
    reasoning: effort !== undefined && effort !== 'none',
    maxTokens: asNumber(max_output_tokens),
    stops: [],
    cache: 'automatic',
  };
}

function offeredTools(tools: Json | undefined, choice: Json | undefined): readonly Tool[] {
  if (choice === 'none') {
    return [];
  }
  const named = isObject(choice) ? choice.name : undefined;
  return asList(tools)
    .map(asObject)
    .filter(({ type, name }) => type === 'function' && (named === undefined || name === named))
    .map(({ name, parameters }) => ({ name: asText(name), schema: asObject(parameters) }));
}

function turnOf({ wire, heard }: Item, items: readonly Item[], hearing: boolean): Turn {
  switch (wire.type) {
    case 'function_call':
      return { role: 'assistant', text: `${asText(wire.name)} ${asText(wire.arguments)}`, media: [] };
    case 'function_call_output': {
      const call = items.find(
        each => each.wire.type === 'function_call' && each.wire.call_id === wire.call_id,
      );
      return { role: 'tool', text: asText(wire.output), media: [], toolName: asText(call?.wire.name) };
    }
    default: {
      const parts = asList(wire.content).map(asObject);
      const said = parts.map(part => asText(part.text ?? (hearing ? part.transcript : undefined)));
      const text = [...said, ...(hearing && heard !== undefined ? [heard] : [])];
      return {
        role: roleOf(wire),
        text: [...new Set(text)].filter(Boolean).join('\n'),
        media: mediaOf(parts),
      };
    }
  }
}

function roleOf({ role }: JsonObject): Turn['role'] {
  return role === 'assistant' || role === 'system' ? role : 'user';
}

function mediaOf(parts: readonly JsonObject[]): Turn['media'] {
  return parts
    .filter(({ type }) => type === 'input_image')
    .map(({ image_url }) => ({ kind: 'image', source: sourceOf(asText(image_url)) }));
}

/** Milliseconds of the PCM in the parts of an item that a client made. */
export function audioMsOf(content: Json | undefined): number {
  const bytes = asList(content)
    .map(asObject)
    .filter(({ type }) => type === 'input_audio')
    .reduce((sum, { audio }) => sum + base64Bytes(asText(audio)), 0);
  return durationOfPcm(bytes);
}
