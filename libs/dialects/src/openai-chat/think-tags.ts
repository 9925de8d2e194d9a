const OPEN = '<think>';
const CLOSE = '</think>';

/** A piece of an answer, told apart. */
export interface Told {
  readonly reasoning: string;
  readonly text: string;
}

/** Tells the reasoning between `<think>` tags at the beginning of an answer from the answer, piece by piece. */
export class ThinkTags {
  private place: 'before' | 'inside' | 'behind' | 'beyond' = 'before';
  /** What may yet become a tag. */
  private held = '';

  read(delta: string): Told {
    if (this.place === 'beyond') {
      return { reasoning: '', text: delta };
    }
    this.held += delta;
    if (this.place === 'before' && !this.enter()) {
      return { reasoning: '', text: this.place === 'before' ? '' : this.release() };
    }
    const reasoning = this.place === 'inside' ? this.readInside() : '';
    return { reasoning, text: this.place === 'behind' ? this.readBehind() : '' };
  }

  /** The answer is over: what was held back was no tag. */
  end(): Told {
    const inside = this.place === 'inside';
    const rest = this.release();
    return inside ? { reasoning: rest, text: '' } : { reasoning: '', text: rest };
  }

  /** True once the opening tag has been read; without one the answer is all text. */
  private enter(): boolean {
    const begun = this.held.trimStart();
    if (begun.startsWith(OPEN)) {
      this.held = begun.slice(OPEN.length);
      this.place = 'inside';
      return true;
    }
    if (!OPEN.startsWith(begun)) {
      this.place = 'beyond';
    }
    return false;
  }

  private readInside(): string {
    const close = this.held.indexOf(CLOSE);
    if (close >= 0) {
      const reasoning = this.held.slice(0, close);
      this.held = this.held.slice(close + CLOSE.length);
      this.place = 'behind';
      return reasoning;
    }
    const sure = this.held.length - tailThatBegins(CLOSE, this.held);
    const reasoning = this.held.slice(0, sure);
    this.held = this.held.slice(sure);
    return reasoning;
  }

  /** The blank lines behind the closing tag belong to it. */
  private readBehind(): string {
    this.held = this.held.trimStart();
    if (this.held !== '') {
      this.place = 'beyond';
    }
    return this.release();
  }

  private release(): string {
    const { held } = this;
    this.held = '';
    return held;
  }
}

/** How many characters at the end of the text are the beginning of the tag. */
function tailThatBegins(tag: string, text: string): number {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(tag.slice(0, length))) {
      return length;
    }
  }
  return 0;
}
