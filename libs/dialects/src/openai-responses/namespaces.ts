import { createHash } from 'node:crypto';
import type { Tool, ToolGroup } from '../domain/conversation.js';

/** What all vendors take as the name of a function. */
const LONGEST = 64;
const UNFIT = /[^A-Za-z0-9_-]/g;
const MARK_LENGTH = 8;

/**
 * One name for a tool in a namespace, for vendors that know no such groups. A tool that OpenAI found by search is in one of
 * its own name.
 */
export function flatName(namespace: string, name: string): string {
  if (namespace === '' || namespace === name) {
    return name;
  }
  const joined = `${namespace}__${name}`;
  const fit = joined.replace(UNFIT, '_');
  if (fit === joined && fit.length <= LONGEST) {
    return fit;
  }
  // Two long names may begin alike.
  const mark = createHash('sha256').update(joined).digest('hex').slice(0, MARK_LENGTH);
  return `${fit.slice(0, LONGEST - MARK_LENGTH - 1)}_${mark}`;
}

/** Where the tools of a request stand for their caller, by the names that vendors know them by. */
export function groupsOf(tools: readonly Tool[]): ReadonlyMap<string, ToolGroup> {
  const groups = new Map<string, ToolGroup>();
  for (const tool of tools) {
    if (tool.kind !== 'hosted' && tool.group) {
      groups.set(tool.name, tool.group);
    }
  }
  return groups;
}

/** The name for vendors of a tool that its caller names without its group. */
export function nameAmong(tools: readonly Tool[], name: string): string {
  const callable = tools.filter(tool => tool.kind !== 'hosted');
  const known = callable.find(tool => tool.name === name) ?? callable.find(tool => tool.group?.name === name);
  return known?.name ?? name;
}
