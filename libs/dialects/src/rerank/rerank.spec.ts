import { Losses } from '../domain/losses.js';
import { rerankClient } from './answer.writer.js';
import { CompatibleRerank } from './compatible.vendor.js';

const TARGET = { vendor: 'v', model: 'm' };
const BODY = { query: 'q', documents: ['a', 'b'] };
const request = rerankClient.readRequest(BODY);
const vendor = new CompatibleRerank();

describe('a request to rank', () => {
  it('is written as each vendor names its fields', () => {
    const asked = rerankClient.readRequest({
      ...BODY,
      documents: [{ text: 'a', title: 't' }, 'b'],
      top_n: 1,
      return_documents: true,
      x: 1,
    });
    const losses = new Losses();
    const voyage = new CompatibleRerank({ topField: 'top_k', textsOnly: true });

    expect(vendor.writeRequest(asked, TARGET, losses)).toEqual({
      model: 'm',
      query: 'q',
      documents: [{ text: 'a', title: 't' }, 'b'],
      top_n: 1,
      x: 1,
    });
    expect(losses.list).toEqual([]);
    expect(voyage.writeRequest(asked, TARGET, losses)).toMatchObject({ documents: ['a', 'b'], top_k: 1 });
    expect(losses.list).toMatchObject([{ field: 'documents', action: 'approximated' }]);
  });
});

describe('a ranking', () => {
  it.each([
    [
      'Cohere',
      {
        id: 'r-1',
        results: [
          { index: 1, relevance_score: 0.9 },
          { index: 0, relevance_score: 0.1 },
        ],
        meta: { billed_units: { search_units: 1 } },
      },
      { inputTokens: 0, outputTokens: 0, searchUnits: 1 },
    ],
    [
      'Jina',
      {
        model: 'j',
        usage: { total_tokens: 15 },
        results: [
          { index: 1, relevance_score: 0.9, document: { text: 'b' } },
          { index: 0, relevance_score: 0.1, document: { text: 'a' } },
        ],
      },
      { inputTokens: 15, outputTokens: 0 },
    ],
    [
      'Voyage, out of order',
      {
        object: 'list',
        data: [
          { index: 0, relevance_score: 0.1 },
          { index: 1, relevance_score: 0.9 },
        ],
        usage: { total_tokens: 15 },
      },
      { inputTokens: 15, outputTokens: 0 },
    ],
  ])('is read as %s shapes it', (_, body, usage) => {
    const answer = vendor.readAnswer(body, request, TARGET);

    expect(answer.results).toEqual([
      { index: 1, score: 0.9 },
      { index: 0, score: 0.1 },
    ]);
    expect(answer.usage).toEqual(usage);
  });

  it.each([
    ['an error', { error: { message: 'no' } }],
    ['nothing', {}],
    ['no result', { results: [] }],
    ['a document nobody sent', { results: [{ index: 2, relevance_score: 1 }] }],
    ['a place that is none', { results: [{ index: -1, relevance_score: 1 }] }],
    ['no score', { results: [{ index: 0 }] }],
    ['a word', 'ranking'],
  ])('is none when it holds %s', (_, body) => {
    expect(() => vendor.readAnswer(body, request, TARGET)).toThrow(
      expect.objectContaining({ name: 'UpstreamError', status: 502 }),
    );
  });
});
