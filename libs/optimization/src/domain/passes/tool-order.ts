import type { FunctionTool, GenerationRequest, Tool } from '@app/dialects';
import { hasCacheMarks } from './caller-marks.js';

/**
 * Puts the functions among the tools in the order of their names, so that a client which lists them in another order each time
 * does not break the vendor's prefix cache. To the model the functions are a set: it calls them by name, and no API gives their
 * order a meaning. Whatever is no plain function (a tool of the vendor's, one of a group) keeps its place, and nothing is moved
 * where the caller marked what is to be cached, since a mark means "up to here".
 *
 * @returns the request itself when there is nothing to do
 */
export function orderTools(request: GenerationRequest): GenerationRequest {
  const { list } = request.tools;
  const places = list.flatMap((tool, place) => (isPlain(tool) ? [place] : []));
  const functions = places.map(place => list[place] as FunctionTool);
  if (functions.every((tool, at) => at === 0 || !isBefore(tool, functions[at - 1]))) {
    return request;
  }
  const body = request.native.body && sorted(request.native.body['tools'], list, places);
  if (hasCacheMarks(request) || (request.native.body && !body)) {
    return request;
  }
  const native = body ? { ...request.native, body: { ...request.native.body, tools: body } } : request.native;
  return { ...request, native, tools: { ...request.tools, list: sorted(list, list, places) ?? list } };
}

function isPlain(tool: Tool): tool is FunctionTool {
  return tool.kind === 'function' && tool.group === undefined;
}

function isBefore(tool: FunctionTool, other: FunctionTool | undefined): boolean {
  return other !== undefined && tool.name < other.name;
}

/**
 * What stands at those places, in the order of the tools' names; by code units, which is the same everywhere.
 *
 * @param tools one for each of the values
 * @returns null when there is not one for each
 */
function sorted<Value>(values: readonly Value[], tools: readonly Tool[], places: readonly number[]): Value[];
function sorted(values: unknown, tools: readonly Tool[], places: readonly number[]): unknown[] | null;
function sorted(values: unknown, tools: readonly Tool[], places: readonly number[]): unknown[] | null {
  if (!Array.isArray(values) || values.length !== tools.length) {
    return null;
  }
  const result: unknown[] = [...(values as unknown[])];
  const order = places.toSorted((a, b) => {
    const [one, other] = [tools[a] as FunctionTool, tools[b] as FunctionTool];
    return isBefore(one, other) ? -1 : isBefore(other, one) ? 1 : a - b;
  });
  places.forEach((place, at) => (result[place] = (values as unknown[])[order[at] ?? place]));
  return result;
}
