import { randomUUID } from 'node:crypto';
import { type LlmHub, toJson } from '@app/dialects';

/** Where the id of a call goes. It is in no text but those that are written with it, since nobody outside knows it. */
export const ID_PLACE = randomUUID();
/** Responses have the id without its dashes. */
const COMPACT_ID_PLACE = ID_PLACE.replaceAll('-', '');
/** Where the `x_llmhub` of a call goes. Whoever is answered from the cache pays nothing. */
export const LLMHUB_PLACE: LlmHub = { cost: 0, place: randomUUID() };
const LLMHUB_TEXT = JSON.stringify(LLMHUB_PLACE);

const PLACES = new RegExp(`(${[ID_PLACE, COMPACT_ID_PLACE, LLMHUB_TEXT].join('|')})`);

/** What differs from one call to the next. */
export interface ToldOf {
  readonly id: string;
  /** Asked where it stands in the text. */
  readonly llmhub: () => LlmHub | null;
}

/** What a caller was told, without what was about its call alone. */
export class WrittenText {
  /** Text, place, text, … */
  private readonly parts: readonly string[];

  /** @param text written with `ID_PLACE` for an id, and `LLMHUB_PLACE` for what is told of the call */
  constructor(text: string) {
    this.parts = text.split(PLACES);
  }

  get length(): number {
    return this.parts.reduce((sum, { length }) => sum + length, 0);
  }

  for(told: ToldOf): string {
    const { parts } = this;
    let text = parts[0] ?? '';
    for (let at = 1; at < parts.length; at += 2) {
      text += valueOf(parts[at] as string, told) + (parts[at + 1] as string);
    }
    return text;
  }
}

function valueOf(place: string, { id, llmhub }: ToldOf): string {
  if (place === ID_PLACE) {
    return id;
  }
  return place === COMPACT_ID_PLACE ? id.replaceAll('-', '') : toJson(llmhub());
}
