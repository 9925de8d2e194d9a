import { answerObject, inputUsage } from '../domain/task-answer.js';
import { reportForeign } from '../domain/task-fields.js';
import { readCount } from '../domain/usage.js';
import { recordOr, recordsOf, withoutUndefined } from '../domain/wire.js';
import type { EmbeddingVendor } from './embedding.js';
import { GEMINI_OWN, geminiEmbeddings, readGeminiUsage } from './gemini.vendor.js';
import { GEMINI_PURPOSES, writePurpose } from './purpose.js';
import { onlyTexts } from './texts.js';
import { readVectors } from './vectors.reader.js';

/** Asked by `:embedContent`, one content a call; the models before it by `:predict`. */
const ONE_CONTENT = /^gemini-embedding-(?!001)/;

const NAMELESS = { id: '', model: '', fitsCaller: false };

type Shape = Pick<EmbeddingVendor, 'writeRequest' | 'readAnswer'>;

/** Google's own `:embedContent`: the one request of a batch, and its one vector. */
const oneContent: Shape = {
  writeRequest(request, target, losses) {
    if (request.inputs.length > 1) {
      losses.refused(
        'input',
        `The model '${target.model}' reads one text a call here. Send a call for each.`,
      );
    }
    const [first] = recordsOf(geminiEmbeddings.writeRequest(request, target, losses)['requests']);
    const { model: _model, ...body } = first ?? {};
    return body;
  },
  readAnswer(body, request, { vendor }) {
    const answer = answerObject(body, vendor, 'no embeddings');
    return {
      ...NAMELESS,
      vectors: readVectors([recordOr(answer['embedding'])['values']], request, vendor),
      usage: readGeminiUsage(answer['usageMetadata']),
    };
  },
};

/** https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api */
const prediction: Shape = {
  writeRequest(request, { vendor }, losses) {
    reportForeign(request, GEMINI_OWN, vendor, losses);
    const { dimensions, native, titles } = request;
    const task_type = native['taskType'] ?? writePurpose(request, GEMINI_PURPOSES, losses);
    const texts = onlyTexts(request, vendor, losses);
    return {
      instances: texts.map((content, at) => withoutUndefined({ content, task_type, title: titles?.[at] })),
      ...(dimensions !== undefined && { parameters: { outputDimensionality: dimensions } }),
    };
  },
  readAnswer(body, request, { vendor }) {
    const answer = answerObject(body, vendor, 'no embeddings');
    const made = recordsOf(answer['predictions']).map(({ embeddings }) => recordOr(embeddings));
    const counts = made.map(({ statistics }) => readCount(recordOr(statistics)['token_count']) ?? NaN);
    const inputTokens = counts.reduce((sum, count) => sum + count, 0);
    return {
      ...NAMELESS,
      vectors: readVectors(
        made.map(({ values }) => values),
        request,
        vendor,
      ),
      usage: inputUsage(inputTokens),
    };
  },
};

/** @param pathOf where a model of Google's is, before the colon */
export function vertexEmbeddings(pathOf: (model: string) => string): EmbeddingVendor {
  return {
    path: model => `${pathOf(model)}:${ONE_CONTENT.test(model) ? 'embedContent' : 'predict'}`,
    fitsAsIs: () => false,
    writeRequest: (request, target, losses) => shapeOf(target).writeRequest(request, target, losses),
    readAnswer: (body, request, target) => shapeOf(target).readAnswer(body, request, target),
  };
}

function shapeOf({ model }: { readonly model: string }): Shape {
  return ONE_CONTENT.test(model) ? oneContent : prediction;
}
