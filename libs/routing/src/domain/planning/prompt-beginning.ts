/** The beginning of what a prompt says. Its text is kept up to a length: a picture has megabytes. */
export class PromptBeginning {
  private said = '';
  private length = 0;

  /** @param most characters that are kept */
  constructor(private readonly most: number) {}

  get text(): string {
    return this.said;
  }

  /** All of them, also those that are not kept. */
  get characters(): number {
    return this.length;
  }

  /** Goes on with whatever texts, names and numbers are in there. */
  add(value: unknown): void {
    if (Array.isArray(value)) {
      value.forEach(item => this.add(item));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        this.say(name);
        this.add(member);
      }
    } else if (value !== undefined) {
      this.say(String(value as string | number | boolean | null));
    }
  }

  /** Each apart from the next: `ab`, `c` is another prompt than `a`, `bc`. */
  private say(text: string): void {
    this.length += text.length;
    if (this.said.length < this.most) {
      this.said += `${text.length}:${text.slice(0, this.most)}`;
    }
  }
}
