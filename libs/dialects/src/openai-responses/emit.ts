import type { Wire } from '../domain/wire.js';

/** Appends one event of a stream. */
export type Emit = (type: string, fields: Wire) => void;
