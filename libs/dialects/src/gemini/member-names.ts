import type { Wire } from '../domain/wire.js';

const SNAKE = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/;

/**
 * Google takes the fields of its messages in camelCase and in snake_case, mixed inside one message too; here they have
 * one spelling. Only for objects whose members Google names: arguments, results and schemas of callers stay as they are.
 */
export function camelNames(wire: Wire): Wire {
  if (!Object.keys(wire).some(isSnake)) {
    return wire;
  }
  const renamed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(wire)) {
    const name = isSnake(key) ? camel(key) : key;
    renamed[name] ??= value;
  }
  return renamed;
}

/** `x_…` are extensions, which nobody may rename. */
function isSnake(key: string): boolean {
  return key.includes('_') && SNAKE.test(key) && !key.startsWith('x_');
}

function camel(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
