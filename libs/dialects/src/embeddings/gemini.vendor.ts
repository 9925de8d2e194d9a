import { answerObject, inputUsage } from '../domain/task-answer.js';
import { recordOr, recordsOf, withoutUndefined } from '../domain/wire.js';
import { readCount, type Usage } from '../domain/usage.js';
import { modelPath } from '../gemini/model-path.js';
import type { EmbeddingVendor } from './embedding.js';
import { reportForeign } from '../domain/task-fields.js';
import { GEMINI_PURPOSES, PURPOSE_FIELD, writePurpose } from './purpose.js';
import { onlyTexts } from './texts.js';
import { readVectors } from './vectors.reader.js';

/** Google's own, which a caller may send along with OpenAI's. */
export const GEMINI_OWN: ReadonlySet<string> = new Set([PURPOSE_FIELD, 'taskType']);

/** Google's `:batchEmbedContents`, for one text and for many. https://ai.google.dev/api/embeddings */
export const geminiEmbeddings: EmbeddingVendor = {
  path: model => `/v1beta/${modelPath(model)}:batchEmbedContents`,
  fitsAsIs: () => false,
  writeRequest(request, { model, vendor }, losses) {
    reportForeign(request, GEMINI_OWN, vendor, losses);
    const { dimensions, native, titles } = request;
    const shared = withoutUndefined({
      model: modelName(model),
      outputDimensionality: dimensions,
      taskType: native['taskType'] ?? writePurpose(request, GEMINI_PURPOSES, losses),
    });
    const texts = onlyTexts(request, vendor, losses);
    return {
      requests: texts.map((text, at) =>
        withoutUndefined({ ...shared, title: titles?.[at], content: { parts: [{ text }] } }),
      ),
    };
  },
  readAnswer(body, request, { vendor }) {
    const answer = answerObject(body, vendor, 'no embeddings');
    const values = recordsOf(answer['embeddings']).map(embedding => embedding['values']);
    return {
      id: '',
      model: '',
      vectors: readVectors(values, request, vendor),
      usage: readGeminiUsage(answer['usageMetadata']),
      fitsCaller: false,
    };
  },
};

/** Google wants the name in the body as it stands in the path, though not encoded. */
function modelName(model: string): string {
  return /^(models|tunedModels)\//.test(model) ? model : `models/${model}`;
}

/** Older models tell none. */
export function readGeminiUsage(metadata: unknown): Usage | null {
  return inputUsage(readCount(recordOr(metadata)['promptTokenCount']));
}
