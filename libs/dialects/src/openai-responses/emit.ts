import type { Wire } from '../openai-chat/wire.js';

/** Appends one event of a stream. */
export type Emit = (type: string, fields: Wire) => void;
