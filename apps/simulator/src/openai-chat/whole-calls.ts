import type { Frame } from '../chat-dialect.js';
import type { JsonObject } from '../json.js';
import { asList, asObject, asText } from '../json.js';

/** A frame with its chunk read. */
export interface ReadFrame {
  readonly frame: Frame;
  readonly chunk: JsonObject;
}

/** Puts the pieces of each tool call together. */
export function* wholeCalls(frames: Iterable<ReadFrame>): Iterable<ReadFrame> {
  let held: ReadFrame | undefined;
  for (const read of frames) {
    const call = callIn(read.chunk);
    if (held && call && call.id === undefined) {
      held = joined(held, read);
      continue;
    }
    if (held) {
      yield held;
    }
    held = call ? read : undefined;
    if (!call) {
      yield read;
    }
  }
  if (held) {
    yield held;
  }
}

function callIn(chunk: JsonObject): JsonObject | undefined {
  const [choice] = asList(chunk.choices);
  const [call] = asList(asObject(asObject(choice).delta).tool_calls);
  return call === undefined ? undefined : asObject(call);
}

function joined(held: ReadFrame, more: ReadFrame): ReadFrame {
  const call = asObject(callIn(held.chunk));
  const begun = asObject(call.function);
  const args = asText(begun.arguments) + asText(asObject(callIn(more.chunk)?.function).arguments);
  const [choice] = asList(held.chunk.choices);
  const delta = {
    ...asObject(asObject(choice).delta),
    tool_calls: [{ ...call, function: { ...begun, arguments: args } }],
  };
  return {
    frame: { ...held.frame, answer: (held.frame.answer ?? '') + (more.frame.answer ?? '') },
    chunk: { ...held.chunk, choices: [{ ...asObject(choice), delta }] },
  };
}
