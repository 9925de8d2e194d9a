import type { JsonObject } from '../json.js';
import type { Message } from '../realtime/outlet.js';

/** How a vendor speaks OpenAI's protocol in one session. */
export interface Accent {
  /** Each item of an answer ends before the next one begins. */
  readonly endsItems: boolean;
  /** What a session is asked to be, in OpenAI's words. */
  understand(asked: JsonObject): JsonObject;
  /** What is said in place of one of OpenAI's events: that one, another, several, or nothing. */
  say(event: Message): readonly Message[];
}
