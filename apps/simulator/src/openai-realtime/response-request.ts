import type { JsonObject } from '../json.js';
import { asList, asObject, asText } from '../json.js';
import type { World } from '../world.js';
import { words } from '../words.js';
import type { Conversation, Item } from './conversation.js';
import { newItem } from './items.js';
import type { Asked } from './response.js';
import { checkModalities, checkTools, oneOf, refuseUnknown, type Settings } from './settings.js';

const KNOWN = words(
  `audio conversation input instructions max_output_tokens metadata output_modalities parallel_tool_calls prompt
  reasoning tool_choice tools`,
);

/** What a `response.create` asks for. @throws Refusal when it asks for what there is not */
export function askedFor(
  request: JsonObject,
  settings: Settings,
  conversation: Conversation,
  world: World,
): Asked {
  refuseUnknown(request, KNOWN, 'response');
  checkModalities(request.output_modalities, 'response.output_modalities');
  if (request.tools !== undefined) {
    checkTools(request.tools, 'response.tools');
  }
  const { input, conversation: kept = 'auto', metadata = null, audio, ...own } = request;
  oneOf(kept, ['auto', 'none'], 'response.conversation');
  const items =
    input === undefined
      ? [...conversation.items]
      : asList(input).map(item => inputItem(asObject(item), conversation, world));
  const output = { ...asObject(asObject(settings.audio).output), ...asObject(asObject(audio).output) };
  return {
    settings: { ...settings, ...own, audio: { ...asObject(settings.audio), output } },
    items,
    conversation: kept === 'auto' ? conversation : undefined,
    metadata,
  };
}

function inputItem(asked: JsonObject, conversation: Conversation, world: World): Item {
  return asked.type === 'item_reference'
    ? conversation.find(asText(asked.id))
    : newItem(asked, undefined, world);
}
