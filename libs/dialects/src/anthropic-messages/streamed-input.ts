import { wrapInput } from './tool-input.js';

/**
 * Input of one streamed call as JSON of an object, which clients parse. Arguments that do not begin as one are held back
 * and wrapped at the end.
 */
export class StreamedInput {
  private held = '';
  private isObject = false;

  /** @param custom free text, which is no JSON */
  constructor(private readonly custom: boolean) {}

  push(delta: string): string {
    if (this.isObject) {
      return delta;
    }
    this.held += delta;
    this.isObject = !this.custom && this.held.trimStart().startsWith('{');
    return this.isObject ? this.held : '';
  }

  end(): string {
    if (this.custom) {
      return JSON.stringify({ input: this.held });
    }
    return this.isObject || this.held.trim() === '' ? '' : JSON.stringify(wrapInput(this.held));
  }
}
