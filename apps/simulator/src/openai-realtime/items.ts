import type { JsonObject } from '../json.js';
import { asList, asObject, asText } from '../json.js';
import { Refusal, require400 } from '../refusal.js';
import type { World } from '../world.js';
import type { Conversation, Item } from './conversation.js';
import { idOf } from './ids.js';
import { audioMsOf } from './prompt.js';
import { oneOf } from './settings.js';

const PARTS: Readonly<Record<string, readonly string[]>> = {
  user: ['input_text', 'input_audio', 'input_image'],
  assistant: ['output_text', 'output_audio'],
  system: ['input_text'],
};

/** An item that a client puts into the conversation. @throws Refusal when it is none of OpenAI's */
export function newItem(asked: JsonObject, conversation: Conversation | undefined, world: World): Item {
  const id = asText(asked.id) || idOf('item', world);
  const { type } = asked;
  oneOf(type, ['message', 'function_call', 'function_call_output'], 'item.type');
  if (type === 'message') {
    return { id, wire: messageOf(asked, id), audioMs: audioMsOf(asked.content) };
  }
  const call_id = asText(asked.call_id);
  if (type === 'function_call') {
    const { name, arguments: written } = asked;
    const call = { id, type, status: 'completed', name: asText(name), call_id, arguments: asText(written) };
    return { id, wire: call, audioMs: 0 };
  }
  const isAnswer = !conversation || conversation.items.some(({ wire }) => wire.call_id === call_id);
  require400(isAnswer, `Tool call ID '${call_id}' not found in conversation.`, {
    code: 'invalid_tool_call_id',
    param: 'item.call_id',
  });
  require400(typeof asked.output === 'string', "Missing required parameter: 'item.output'.", {
    code: 'missing_required_parameter',
    param: 'item.output',
  });
  return { id, wire: { id, type, call_id, output: asked.output }, audioMs: 0 };
}

function messageOf(asked: JsonObject, id: string): JsonObject {
  oneOf(asked.role, Object.keys(PARTS), 'item.role');
  const role = asText(asked.role);
  const content = asList(asked.content).map((part, index) => {
    const { audio: _, ...shown } = asObject(part);
    oneOf(shown.type, PARTS[role] ?? [], `item.content[${index}].type`);
    return shown.type === 'input_audio' ? { transcript: null, ...shown } : shown;
  });
  return { id, type: 'message', status: 'completed', role, content };
}

/** Forgets what the listener did not hear. @returns where it ends now, in ms */
export function truncated(item: Item, endMs: number | undefined): number {
  if (item.wire.role !== 'assistant') {
    throw new Refusal(400, 'Only model output audio messages can be truncated', { param: 'item_id' });
  }
  require400(endMs !== undefined && endMs >= 0, "Missing required parameter: 'audio_end_ms'.", {
    code: 'missing_required_parameter',
    param: 'audio_end_ms',
  });
  const { audioMs } = item;
  require400(endMs <= audioMs, `Audio content of ${audioMs}ms is already shorter than ${endMs}ms`, {
    code: 'invalid_value',
  });
  item.audioMs = endMs;
  item.wire = { ...item.wire, content: [{ type: 'output_audio', transcript: null }] };
  return endMs;
}
