import { type RecordedCall, recordings } from '../../../../test/support/recordings.js';
import { Losses } from '../domain/losses.js';
import { recordOr, recordsOf } from '../domain/wire.js';
import { embeddingClient } from './answer.writer.js';
import type { EmbeddingVendor } from './embedding.js';
import { geminiEmbeddings } from './gemini.vendor.js';
import { OpenAiEmbeddings } from './openai.vendor.js';
import { readEmbeddingRequest } from './request.reader.js';
import { vertexEmbeddings } from './vertex.vendor.js';

const VENDORS: Readonly<Record<string, EmbeddingVendor>> = {
  google: geminiEmbeddings,
  openai: new OpenAiEmbeddings({ tokens: true }),
};
const recorded = recordings('embeddings').flatMap(([name, calls]) =>
  calls.map((call, index): [string, RecordedCall] => [`${name} #${index}`, call]),
);
const of = (vendor: string): [string, RecordedCall][] =>
  recorded.filter(([, call]) => call.vendor === vendor && call.status === 200);
const META = { requestId: 'r', model: 'm', usage: { inputTokens: 1, outputTokens: 0 } };

/** The values of the recorded body itself, in the vendor's order. */
function valuesIn(body: unknown): unknown[] {
  const { data, embeddings } = recordOr(body);
  return [
    ...recordsOf(data).map(entry => entry['embedding']),
    ...recordsOf(embeddings).map(entry => entry['values']),
  ];
}

if (recorded.length > 0) {
  it.each(of('openai'))('%s: the recorded request passes, and so does its answer', (_, { request, body }) => {
    const asked = readEmbeddingRequest(recordOr(request));
    const answer = VENDORS['openai']?.readAnswer(body, asked, { vendor: 'openai', model: 'm' });

    expect(VENDORS['openai']?.fitsAsIs(asked)).toBe(true);
    expect(answer).toMatchObject({ fitsCaller: true, usage: { inputTokens: 4, outputTokens: 0 } });
    expect(answer?.vectors).toEqual(valuesIn(body));
  });

  it.each(of('google'))(
    '%s: Google’s answer becomes OpenAI’s, with the same numbers',
    (_, { request, body }) => {
      const texts = recordsOf(recordOr(request)['requests']);
      const asked = readEmbeddingRequest({ input: texts.map((_text, index) => `text ${index}`) });
      const answer = geminiEmbeddings.readAnswer(body, asked, { vendor: 'google', model: 'm' });
      const written = embeddingClient.writeAnswer(answer, asked, META);

      expect(recordsOf(written['data']).map(({ embedding }) => embedding)).toEqual(valuesIn(body));
      expect(answer.usage?.inputTokens).toBe(recordOr(recordOr(body)['usageMetadata'])['promptTokenCount']);
    },
  );

  it.each(of('google'))(
    '%s: the request is written as the client that was recorded wrote it',
    (_, { request, url }) => {
      const [first] = recordsOf(recordOr(request)['requests']);
      const [part] = recordsOf(recordOr(first?.['content'])['parts']);
      const { taskType, outputDimensionality } = first ?? {};
      const asked = readEmbeddingRequest({
        input: part?.['text'],
        dimensions: outputDimensionality,
        taskType,
      });
      const model = /models\/([^:]+)/.exec(url)?.[1] ?? '';

      expect(geminiEmbeddings.writeRequest(asked, { vendor: 'google', model }, new Losses())).toEqual(
        request,
      );
      expect(url).toBe(`https://generativelanguage.googleapis.com${geminiEmbeddings.path(model)}`);
    },
  );

  it.each(of('vertex'))('%s: is written and read as it was recorded', (_, { request, body, url }) => {
    const place = /^.*\/models\/[^:]+/.exec(url)?.[0] ?? '';
    const model = place.split('/').at(-1) ?? '';
    const vertex = vertexEmbeddings(() => place);
    const [part] = recordsOf(recordOr(recordOr(request)['content'])['parts']);
    const asked = readEmbeddingRequest({ input: part?.['text'] });
    const target = { vendor: 'vertex', model };
    const answer = vertex.readAnswer(body, asked, target);

    expect([vertex.path(model), vertex.writeRequest(asked, target, new Losses())]).toEqual([url, request]);
    expect(answer.vectors).toEqual([recordOr(recordOr(body)['embedding'])['values']]);
    expect(answer.usage?.inputTokens).toBe(recordOr(recordOr(body)['usageMetadata'])['promptTokenCount']);
  });
} else {
  it('has nothing to read', () => undefined);
}
