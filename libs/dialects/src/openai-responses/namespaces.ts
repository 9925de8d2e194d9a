import type { Tool, ToolSettings } from '../domain/conversation.js';
import { isObject, type Wire } from '../openai-chat/wire.js';

/** How this API names a tool of a namespace. */
export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/** By the one name that other vendors know a tool of a namespace by. */
export type NamespacedNames = ReadonlyMap<string, NamespacedName>;

/** Codex's own manner of old, when it named tools of MCP servers so itself. */
export function joinedName(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}__${name}`;
}

/** The tool under its one name; hosted tools have none. */
export function inNamespace(namespace: string, tool: Tool): Tool {
  return tool.kind === 'hosted'
    ? tool
    : { ...tool, name: joinedName(namespace, tool.name), native: { namespace, name: tool.name } };
}

/** What calls must be named again for their caller. */
export function namespacedNames({ list }: ToolSettings): NamespacedNames {
  return new Map(
    list.flatMap(tool =>
      tool.kind !== 'hosted' && isNamespacedName(tool.native) ? [[tool.name, tool.native]] : [],
    ),
  );
}

function isNamespacedName(native: Wire | undefined): native is NamespacedName & Wire {
  return isObject(native) && typeof native['namespace'] === 'string' && typeof native['name'] === 'string';
}
