import { inputOf } from '../domain/tool-input.js';

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
    const { custom, held } = this;
    const isTold = this.isObject || (!custom && held.trim() === '');
    return isTold ? '' : JSON.stringify(inputOf({ arguments: held, custom }));
  }
}
