import type { Tool, Turn } from '../domain/conversation.js';
import type { SignatureSeal } from '../domain/dialect.js';
import type { NativePart, Part, ToolCallPart, ToolResultPart } from '../domain/part.js';
import { at, invalid, objectIn, optionalText, requiredText } from '../domain/fields.js';
import { objectsAt, type Wire } from '../domain/wire.js';
import { isResultPart, readContent } from './content.reader.js';
import { readReasoningItem } from './reasoning.reader.js';
import { flatName } from './namespaces.js';
import { noteMembers } from './native-members.js';
import { readTool } from './tools.reader.js';

export interface ReadItems {
  readonly turns: Turn[];
  /** Tools that items announce in mid-conversation; they are for the model from then on. */
  readonly tools: Tool[];
  /** Items without which the answer would be another, as if they were fields: other dialects refuse them by name. */
  readonly native: Readonly<Record<string, unknown>>;
}

const MESSAGE_KEYS = ['type', 'role', 'content', 'id', 'status'];
/** `parsed_arguments` is the SDK's own reading of `arguments`. */
const CALL_KEYS = [
  'type',
  'call_id',
  'name',
  'namespace',
  'arguments',
  'parsed_arguments',
  'input',
  'id',
  'status',
];
const RESULT_KEYS = ['type', 'call_id', 'output', 'id', 'status'];

/** Members of the items that are read; items of other types go as a whole, or not at all. */
const ITEM_KEYS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['message', new Set(MESSAGE_KEYS)],
  ['function_call', new Set(CALL_KEYS)],
  ['custom_tool_call', new Set(CALL_KEYS)],
  ['function_call_output', new Set(RESULT_KEYS)],
  ['custom_tool_call_output', new Set(RESULT_KEYS)],
]);

type Writable = { role: Turn['role']; parts: Part[] };

const ROLES = ['user', 'assistant', 'system', 'developer'] as const;

/** Items stand for what others know nothing of: what was said at the vendor, or a summary in cipher. */
const IRREPLACEABLE: ReadonlySet<string> = new Set(['item_reference', 'compaction']);

/**
 * Items as turns: what the model said in a row is one turn, and so are results in a row.
 *
 * @param field where the caller put them
 * @throws InvalidRequestError (400) naming the bad field
 */
export function readItems(items: readonly unknown[], seal: SignatureSeal, field = 'input'): ReadItems {
  const reader = new ItemsReader(seal);
  items.forEach((item, index) => {
    const path = `${field}[${index}]`;
    reader.add(objectIn(item, path, 'an item such as {"role": "user", "content": "…"}'), path);
  });
  return reader;
}

class ItemsReader implements ReadItems {
  readonly turns: Writable[] = [];
  readonly tools: Tool[] = [];
  readonly native: Record<string, unknown> = {};

  constructor(private readonly seal: SignatureSeal) {}

  /** The type decides before the role: `additional_tools` has both. */
  add(item: Wire, path: string): void {
    const type = optionalText(item, 'type', path) ?? 'message';
    const known = ITEM_KEYS.get(type);
    if (known) {
      noteMembers('input', item, known, this.native);
    }
    switch (type) {
      case 'message':
        this.message(item, path);
        break;
      case 'function_call':
      case 'custom_tool_call':
        this.say('assistant', readCall(item, path, type === 'custom_tool_call'));
        break;
      case 'function_call_output':
      case 'custom_tool_call_output':
        this.say('tool', readResult(item, path, type === 'custom_tool_call_output'));
        break;
      case 'reasoning':
        this.say('assistant', readReasoningItem(item, path, this.seal));
        break;
      default:
        this.other(item, type, path);
    }
  }

  private message(item: Wire, path: string): void {
    const role = ROLES.find(known => known === item['role']);
    if (!role) {
      throw invalid(at(path, 'role'), `one of ${ROLES.join(', ')}`);
    }
    const parts = readContent(item, 'content', path);
    if (role === 'assistant') {
      this.say(role, ...parts);
    } else {
      this.turns.push({ role, parts });
    }
  }

  /** Hosted tools at work, and whatever is newer than this reader. */
  private other(item: Wire, type: string, path: string): void {
    if (IRREPLACEABLE.has(type)) {
      this.native[`input.${type}`] = true;
      return;
    }
    objectsAt(item, 'tools').forEach((tool, index) => {
      const announced = readTool(tool, `${path}.tools[${index}]`, this.native);
      this.tools.push(...announced);
    });
    if (type !== 'additional_tools') {
      this.say('assistant', nativePart(item));
    }
  }

  private say(role: 'assistant' | 'tool', ...parts: Part[]): void {
    const last = this.turns.at(-1);
    if (last?.role === role) {
      last.parts.push(...parts);
    } else {
      this.turns.push({ role, parts });
    }
  }
}

function readCall(item: Wire, path: string, custom: boolean): ToolCallPart {
  return {
    kind: 'tool-call',
    id: requiredText(item, 'call_id', path),
    name: flatName(optionalText(item, 'namespace', path) ?? '', requiredText(item, 'name', path)),
    arguments: optionalText(item, custom ? 'input' : 'arguments', path) ?? '',
    ...(custom && { custom }),
  };
}

function readResult(item: Wire, path: string, custom: boolean): ToolResultPart {
  return {
    kind: 'tool-result',
    callId: requiredText(item, 'call_id', path),
    parts: readContent(item, 'output', path).filter(isResultPart),
    ...(custom && { custom }),
  };
}

/** An item that only this dialect understands. */
export function nativePart(item: Wire): NativePart {
  return { kind: 'native', dialect: 'openai-responses', value: item };
}
