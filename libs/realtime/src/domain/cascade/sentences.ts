const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });
/** Where people do not stop, though there is a stop: it is not the end of a sentence when what follows is another word. */
const ABBREVIATION =
  /(?:^|[\s("'])(?:Dr|Mr|Mrs|Ms|Prof|St|Sr|Jr|vs|etc|No|Nr|bzw|ca|e\.g|i\.e|z\.B|d\.h|[A-Z]|\d{1,3})\.\s*$/u;
/** Nobody waits for the end of such a sentence: it is broken at a pause. */
const LONGEST = 400;
const PAUSE = /[,;:—–]\s|\s/gu;

/** Cuts a text into sentences while it is written, so that the first can be spoken before the last is there. */
export class Sentences {
  private text = '';

  /** The sentences that are whole now. */
  push(piece: string): readonly string[] {
    this.text += piece;
    const found: string[] = [];
    let sentence = '';
    for (const { segment, index } of segmenter.segment(this.text)) {
      const isLast = index + segment.length === this.text.length;
      if (isLast) {
        sentence += segment; // nobody knows yet whether it goes on
        break;
      }
      sentence += segment;
      if (!ABBREVIATION.test(sentence)) {
        found.push(sentence);
        sentence = '';
      }
    }
    this.text = sentence;
    while (this.text.length > LONGEST) {
      const at = pauseIn(this.text);
      found.push(this.text.slice(0, at));
      this.text = this.text.slice(at);
    }
    return found;
  }

  /** What is left, at the end of the text. */
  end(): readonly string[] {
    const rest = this.text;
    this.text = '';
    return rest === '' ? [] : [rest];
  }
}

/** Behind the last mark that allows a breath, else behind the last word. */
function pauseIn(text: string): number {
  let word = 0;
  let breath = 0;
  for (const { index, 0: found } of text.slice(0, LONGEST).matchAll(PAUSE)) {
    word = index + found.length;
    breath = found.length > 1 ? word : breath;
  }
  return breath || word || LONGEST - Number(/[\uD800-\uDBFF]$/.test(text.slice(0, LONGEST)));
}
