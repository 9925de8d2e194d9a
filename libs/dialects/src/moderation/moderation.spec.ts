import { Losses } from '../domain/losses.js';
import { moderationClient } from './answer.writer.js';
import { mistralModeration, openAiModeration } from './vendors.js';

const TARGET = { vendor: 'mistral', model: 'm' };
const META = { requestId: 'r', model: 'asked', usage: { inputTokens: 1, outputTokens: 0 } };
const text = moderationClient.readRequest({ input: 'a' });

it('reads the parts of a list as one input, and texts as one each', () => {
  const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };

  expect(moderationClient.readRequest({ input: [{ type: 'text', text: 'a' }, image] }).inputs).toEqual([
    { text: 'a', others: [image] },
  ]);
  expect(moderationClient.readRequest({ input: ['a', 'b'] }).inputs).toHaveLength(2);
});

it('writes for Mistral nothing that it does not know', () => {
  const losses = new Losses();
  const request = moderationClient.readRequest({ input: ['a'], x: 1, model: 'mistral/m' });

  expect(mistralModeration.writeRequest(request, TARGET, losses)).toEqual({ model: 'm', input: ['a'] });
  expect(losses.list).toMatchObject([{ field: 'x', action: 'dropped' }]);
});

it('finds flagged what Mistral puts into any category, under OpenAI’s names too', () => {
  const result = {
    categories: { selfharm: true, pii: false },
    category_scores: { selfharm: 0.9, pii: 0.1 },
  };
  const answer = mistralModeration.readAnswer({ id: 'i', results: [result] }, text, TARGET);

  expect(answer.fitsCaller).toBe(false);
  expect(moderationClient.writeAnswer(answer, text, META)).toEqual({
    id: 'i',
    model: 'asked',
    results: [
      {
        flagged: true,
        categories: { selfharm: true, pii: false, 'self-harm': true },
        category_scores: { selfharm: 0.9, pii: 0.1, 'self-harm': 0.9 },
      },
    ],
  });
});

it.each([
  ['an error', { error: { message: 'no' } }],
  ['no verdict', { results: [] }],
  ['two verdicts on one text', { results: [{ categories: {} }, { categories: {} }] }],
  ['a verdict without categories', { results: [{ flagged: false }] }],
  ['nothing', null],
])('takes %s for no answer', (_, body) => {
  for (const vendor of [openAiModeration, mistralModeration]) {
    expect(() => vendor.readAnswer(body, text, TARGET)).toThrow(
      expect.objectContaining({ name: 'UpstreamError', status: 502 }),
    );
  }
});
