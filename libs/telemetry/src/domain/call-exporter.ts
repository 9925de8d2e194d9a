import type { ToldCall } from './told-call.js';

/** Where ended calls are told. Injected as null where there is no collector. */
export abstract class CallExporter {
  /** Waits for nobody: what finds no room is lost, and counted. */
  abstract tell(call: ToldCall): void;

  /** So many calls were not told, since nobody had time for them. */
  abstract noteLost(calls: number): void;

  /** Tells what waits. Resolves within seconds, whether the collector takes it or not. */
  abstract close(): Promise<void>;
}
