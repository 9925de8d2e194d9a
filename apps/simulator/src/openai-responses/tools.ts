import type { Tool } from '../answering/prompt.js';
import type { Json, JsonObject } from '../json.js';
import { asList, asObject, asText } from '../json.js';

/** A function or a free-text tool; `name` tells its namespace too, as in `functions.exec`. */
export interface DeclaredTool extends Tool {
  readonly custom: boolean;
  /** How a call of it is named. */
  readonly called: { readonly name: string; readonly namespace?: string };
}

/** What the request lists, and what items of its input announce. */
export function declaredTools(body: JsonObject): readonly DeclaredTool[] {
  const items = asList(body.input).map(asObject);
  const announced = items.filter(({ type }) => type === 'additional_tools');
  return [body, ...announced].flatMap(({ tools }) => toolsOf(tools));
}

export function calledName({ name, namespace }: JsonObject): string {
  return namespace === undefined ? asText(name) : `${asText(namespace)}.${asText(name)}`;
}

function toolsOf(tools: Json | undefined, namespace?: string): readonly DeclaredTool[] {
  return asList(tools)
    .map(asObject)
    .flatMap(tool => {
      const { type, parameters } = tool;
      const name = asText(tool.name);
      if (type === 'namespace') {
        return toolsOf(tool.tools, name);
      }
      const called = { name, ...(namespace !== undefined && { namespace }) };
      const schema = asObject(parameters ?? {});
      return type === 'function' || type === 'custom'
        ? [{ name: calledName(called), schema, custom: type === 'custom', called }]
        : [];
    });
}
