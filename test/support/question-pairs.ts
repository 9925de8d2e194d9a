import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface QuestionPair {
  readonly asked: string;
  readonly other: string;
  /** Whether one answer is right for both. */
  readonly isSame: boolean;
  /** What the second one differs in, `small` being a small word, an ending or a capital; `same` of those that do not. */
  readonly kind: string;
  /** Whether the first guards were made with it in sight. Those of today are stricter, and were made with all of them. */
  readonly half: 'seen' | 'unseen';
}

const FILE = new URL('../semantic-cache/pairs.txt', import.meta.url);

/** Lines of `kind | question | question`. */
export function questionPairs(): QuestionPair[] {
  return readFileSync(FILE, 'utf8').trim().split('\n').map(pairOf);
}

function pairOf(line: string): QuestionPair {
  const [kind = '', asked = '', other = ''] = line.split(' | ');
  const [first = 0] = createHash('sha256').update(`seed-1 ${asked} ${other}`).digest();
  return { kind, asked, other, isSame: kind === 'same', half: first % 2 === 0 ? 'seen' : 'unseen' };
}
