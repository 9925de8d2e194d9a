import type { Turn } from '../domain/conversation.js';
import type { Part } from '../domain/part.js';
import { at, invalid, objectIn, requestedMessages } from '../domain/fields.js';
import { isAbsent, type Wire } from '../domain/wire.js';
import { readBlocks } from './blocks.reader.js';
import type { ReadContext } from './read-context.js';

const ROLES = ['user', 'assistant', 'system'] as const;
const MESSAGE_KEYS: ReadonlySet<string> = new Set(['role', 'content']);

/** `system` as the first turn, then the messages in place; the results in a message become a turn of their own. */
export function readTurns(body: Wire, context: ReadContext): Turn[] {
  const { system } = body;
  const messages = requestedMessages(body);
  const turns: Turn[] = [];
  if (!isAbsent(system)) {
    const parts = readBlocks(system, 'system', context).filter(
      part => part.kind !== 'text' || part.text !== '',
    );
    if (parts.length > 0) {
      turns.push({ role: 'system', parts });
    }
  }
  messages.forEach((value, index) => {
    turns.push(...readMessage(value, `messages[${index}]`, context));
  });
  return turns;
}

function readMessage(value: unknown, path: string, context: ReadContext): Turn[] {
  const message = objectIn(value, path, 'a message such as {"role": "user", "content": "…"}');
  const role = ROLES.find(known => known === message['role']);
  if (!role) {
    throw invalid(at(path, 'role'), `one of ${ROLES.join(', ')}`);
  }
  const parts = readBlocks(message['content'], at(path, 'content'), context);
  const native = context.rest(message, MESSAGE_KEYS, 'messages');
  const turns = role === 'user' ? userTurns(parts) : [{ role, parts }];
  return native
    ? turns.map((turn, index) => (index === turns.length - 1 ? { ...turn, native } : turn))
    : turns;
}

/** Results come first: every vendor wants them right behind the calls. */
function userTurns(parts: readonly Part[]): Turn[] {
  const results = parts.filter(part => part.kind === 'tool-result');
  if (results.length === 0) {
    return [{ role: 'user', parts }];
  }
  const rest = parts.filter(part => part.kind !== 'tool-result');
  return [
    { role: 'tool', parts: results },
    ...(rest.length > 0 ? [{ role: 'user' as const, parts: rest }] : []),
  ];
}
