import type { Json, JsonObject } from '../json.js';
import { asList, asObject, asText, isObject } from '../json.js';
import { require400 } from '../refusal.js';
import { NEW_VERSION } from './check-request.js';
import { isNewModel } from './models.js';

const ID = /^[a-zA-Z0-9_-]+$/;
const ROLES = ['user', 'assistant', 'system'];
const BLOCKS: Readonly<Record<string, readonly string[]>> = {
  user: ['text', 'image', 'document', 'tool_result', 'search_result', 'container_upload'],
  assistant: [
    'text',
    'thinking',
    'redacted_thinking',
    'tool_use',
    'document',
    'server_tool_use',
    'mcp_tool_use',
    'compaction',
  ],
  system: ['text', 'tool_addition'],
};
const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

export function checkMessages(body: JsonObject, version: string): void {
  checkSystem(body.system);
  const messages = asList(body.messages).map(asObject);
  require400(Array.isArray(body.messages), 'messages: Field required');
  require400(messages.length > 0, 'messages: at least one message is required');
  let awaited: readonly string[] = [];
  for (const [index, message] of messages.entries()) {
    const at = `messages.${index}`;
    const role = asText(message.role);
    require400(ROLES.includes(role), `${at}.role: Input should be 'user', 'assistant' or 'system'`);
    const blocks = blocksOf(message);
    require400(blocks.length > 0, `${at}: all messages must have non-empty content`);
    blocks.forEach((block, position) =>
      checkBlock(block, { role, version, at: `${at}.content.${position}` }),
    );
    // Assistant turns that follow each other count as one.
    if (role !== 'assistant' || messages[index - 1]?.role !== 'assistant') {
      checkResults(role === 'user' ? blocks : [], awaited, at);
      awaited = [];
    }
    awaited = awaited.concat(blocks.filter(isToolUse).map(block => asText(block.id)));
  }
  checkResults([], awaited, `messages.${messages.length}`);
  checkPrefill(messages.at(-1) ?? {}, asText(body.model));
}

/** A message's blocks, a plain string being one of text. */
export function blocksOf(message: JsonObject): readonly JsonObject[] {
  return typeof message.content === 'string'
    ? [{ type: 'text', text: message.content }]
    : asList(message.content).map(asObject);
}

function isToolUse(block: JsonObject): boolean {
  return block.type === 'tool_use';
}

function checkSystem(system: Json | undefined): void {
  require400(
    system === undefined || typeof system === 'string' || Array.isArray(system),
    'system: Input invalid',
  );
  for (const [index, block] of asList(system).map(asObject).entries()) {
    require400(block.type === 'text', `system.${index}.type: Input should be 'text'`);
    require400(asText(block.text) !== '', `system: text content blocks must be non-empty`);
  }
}

/** All results of the turn before, each once, before anything else. */
function checkResults(blocks: readonly JsonObject[], awaited: readonly string[], at: string): void {
  const results = blocks.filter(block => block.type === 'tool_result');
  const ids = results.map(block => asText(block.tool_use_id));
  const stray = ids.find(id => !awaited.includes(id));
  require400(
    stray === undefined,
    `${at}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
  );
  require400(new Set(ids).size === ids.length, `${at}.content: each tool_use must have a single result.`);
  const first = blocks.slice(0, awaited.length);
  const missing = awaited.filter(id => !first.some(block => block.tool_use_id === id));
  require400(
    missing.length === 0,
    `${at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
  );
}

function checkPrefill(last: JsonObject, model: string): void {
  if (last.role !== 'assistant') {
    return;
  }
  require400(!isNewModel(model), 'This model does not support assistant message prefill.');
  const text = asText(blocksOf(last).at(-1)?.text);
  require400(
    text === text.trimEnd(),
    'messages: final assistant content cannot end with trailing whitespace',
  );
}

interface Place {
  readonly role: string;
  readonly version: string;
  readonly at: string;
}

function checkBlock(block: JsonObject, { role, version, at }: Place): void {
  const type = asText(block.type);
  const isHostedResult = role === 'assistant' && type.endsWith('_tool_result');
  require400(
    isHostedResult || (BLOCKS[role]?.includes(type) ?? false),
    `${at}: Input tag '${type}' is not expected for role ${role}`,
  );
  switch (type) {
    case 'text':
      require400(asText(block.text) !== '', `messages: text content blocks must be non-empty`);
      require400(
        role !== 'user' || version !== NEW_VERSION || asList(block.citations).length === 0,
        `${at}.citations: Extra inputs are not permitted`,
      );
      break;
    case 'tool_use':
      require400(ID.test(asText(block.id)), `${at}.tool_use.id: String should match pattern '${ID.source}'`);
      require400(asText(block.name) !== '', `${at}.tool_use.name: Field required`);
      require400(isObject(block.input), `${at}.tool_use.input: Input should be a valid dictionary`);
      break;
    case 'tool_result':
      require400(ID.test(asText(block.tool_use_id)), `${at}.tool_result.tool_use_id: Field required`);
      checkResultContent(block, at);
      break;
    case 'image':
      checkSource(block.source, IMAGE_TYPES, at);
      break;
    case 'document':
      require400(role === 'user' || version !== NEW_VERSION, `${at}: document blocks are not permitted here`);
      checkSource(block.source, ['application/pdf', 'text/plain'], at);
      break;
  }
}

function checkResultContent(block: JsonObject, at: string): void {
  for (const part of asList(block.content).map(asObject)) {
    require400(
      part.type !== 'text' || asText(part.text) !== '',
      'messages: text content blocks must be non-empty',
    );
    if (part.type === 'image') {
      checkSource(part.source, IMAGE_TYPES, at);
    }
  }
}

function checkSource(value: Json | undefined, mediaTypes: readonly string[], at: string): void {
  const source = asObject(value);
  const fits = {
    base64: () =>
      mediaTypes.includes(asText(source.media_type)) && /^[\w+/]+={0,2}$/.test(asText(source.data)),
    text: () => source.media_type === 'text/plain' && asText(source.data) !== '',
    url: () => /^https?:\/\//.test(asText(source.url)),
    file: () => asText(source.file_id) !== '',
    content: () => source.content !== undefined,
  }[asText(source.type)];
  require400(fits?.() ?? false, `${at}.source: Invalid ${asText(source.type)} source`);
}
