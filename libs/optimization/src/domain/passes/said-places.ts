import { isObject } from '@app/shared';
import { mapKept } from './responses-body.js';

type Wire = Readonly<Record<string, unknown>>;

/** Gives the text that is to stand in the place of one. Null stands for a result that has no text of its own, and stays. */
type MapText = (text: string | null) => string | null;

type MapItem = (item: Wire, map: MapText) => Wire;

/** By dialect: the conversation in a body, and the texts in one item of it. */
const ITEMS: Readonly<Record<string, readonly [member: string, item: MapItem]>> = {
  'openai-chat': ['messages', mapChatMessage],
  'openai-responses': ['input', mapItem],
  'anthropic-messages': ['messages', mapMessage],
  gemini: ['contents', mapContent],
};

/** Texts, one for each of those that users said and tools returned and that are not empty. */
type Texts = readonly string[];

/** The body with other texts in the place of those of a request. @param from as they stand in the body, in order */
export function withTexts(dialect: string, body: Wire, from: Texts, to: Texts): Wire {
  let at = 0;
  return mapSaid(dialect, body, text => {
    const place = at++;
    return text === from[place] ? (to[place] ?? text) : text;
  });
}

/**
 * Whether each text of a request stands in the body where it can be replaced. Behind the first that stands there otherwise none is
 * known to, so that it depends on what stands before a text alone.
 */
export function placedIn(dialect: string, body: Wire, texts: Texts): readonly boolean[] {
  const places: (string | null)[] = [];
  mapSaid(dialect, body, text => {
    places.push(text);
    return text;
  });
  let isInStep = true;
  return texts.map((text, at) => {
    const place = places[at];
    isInStep &&= place === null || place === text;
    return isInStep && place !== null;
  });
}

/**
 * The body with other texts in the place of those that users said and tools returned. They come in the order that the dialect's
 * reader has them in, and nothing else is touched; empty ones are left out, as some readers do.
 *
 * @param body that the reader accepts
 * @returns the very body where every text stays
 */
function mapSaid(dialect: string, body: Wire, map: MapText): Wire {
  const place = ITEMS[dialect];
  if (!place) {
    return body;
  }
  const [member, item] = place;
  const said = body[member];
  return typeof said === 'string'
    ? withMember(body, member, mapText(said, map))
    : mapEach(body, member, one => item(one, map));
}

const CHAT_ROLES: ReadonlySet<unknown> = new Set(['user', 'tool', 'function']);
const TEXT: ReadonlySet<unknown> = new Set(['text']);

function mapChatMessage(message: Wire, map: MapText): Wire {
  return CHAT_ROLES.has(message['role']) ? mapTexts(message, 'content', map) : message;
}

const ITEM_TEXTS: ReadonlySet<unknown> = new Set(['input_text', 'output_text', 'text']);
const RESULTS: ReadonlySet<unknown> = new Set(['function_call_output', 'custom_tool_call_output']);

function mapItem(item: Wire, map: MapText): Wire {
  const type = item['type'] ?? 'message';
  if (RESULTS.has(type)) {
    return mapTexts(item, 'output', map, ITEM_TEXTS);
  }
  return type === 'message' && item['role'] === 'user' ? mapTexts(item, 'content', map, ITEM_TEXTS) : item;
}

/** Results come first: they are a turn of their own. */
function mapMessage(message: Wire, map: MapText): Wire {
  if (message['role'] !== 'user') {
    return message;
  }
  const results = mapEach(message, 'content', block =>
    block['type'] === 'tool_result' ? mapTexts(block, 'content', map) : block,
  );
  return mapTexts(results, 'content', map);
}

/** Results come first here, too, whoever is said to have said them. */
function mapContent(content: Wire, map: MapText): Wire {
  const results = mapEach(content, 'parts', part => {
    const name = resultName(part);
    const result = name && part[name];
    return name && isObject(result) ? withMember(part, name, mapResult(result, map)) : part;
  });
  return content['role'] === 'model'
    ? results
    : mapEach(results, 'parts', part => (isSpoken(part) ? mapMember(part, 'text', map) : part));
}

function isSpoken(part: Wire): boolean {
  const isCall = (part['functionCall'] ?? part['function_call']) != null;
  return !isCall && resultName(part) === null && part['thought'] !== true;
}

function resultName(part: Wire): 'functionResponse' | 'function_response' | null {
  return part['functionResponse'] != null
    ? 'functionResponse'
    : part['function_response'] != null
      ? 'function_response'
      : null;
}

/** `output` and `error` are texts by themselves; so is the one text of a result that has another name for it. */
function mapResult(result: Wire, map: MapText): Wire {
  const { response } = result;
  const members = Object.entries(isObject(response) ? response : {});
  const [name, value] = members[0] ?? [];
  if (name === undefined || members.length > 1 || typeof value !== 'string') {
    map(null);
    return result;
  }
  if (name === 'output' || name === 'error') {
    return withMember(result, 'response', mapMember(response as Wire, name, map));
  }
  const whole = JSON.stringify(response);
  const text = map(whole);
  return text === whole ? result : { ...result, response: { [name]: text } };
}

/** A text, or a list of parts of which some are texts. */
function mapTexts(wire: Wire, member: string, map: MapText, types = TEXT): Wire {
  return typeof wire[member] === 'string'
    ? mapMember(wire, member, map)
    : mapEach(wire, member, part => (types.has(part['type']) ? mapMember(part, 'text', map) : part));
}

function mapMember(wire: Wire, member: string, map: MapText): Wire {
  const text = wire[member];
  return typeof text === 'string' ? withMember(wire, member, mapText(text, map)) : wire;
}

function mapText(text: string, map: MapText): string | null {
  return text === '' ? text : map(text);
}

/** Of a list, or the one that stands in its place. */
function mapEach(wire: Wire, member: string, map: (one: Wire) => Wire): Wire {
  const list = wire[member];
  if (Array.isArray(list)) {
    return withMember(wire, member, mapKept<Wire>(list, map));
  }
  return isObject(list) ? withMember(wire, member, map(list)) : wire;
}

function withMember(wire: Wire, member: string, value: unknown): Wire {
  return wire[member] === value ? wire : { ...wire, [member]: value };
}
