import { answerObject, inputUsage } from '../domain/task-answer.js';
import { ownFields, reportForeign } from '../domain/task-fields.js';
import { readCount } from '../domain/usage.js';
import { withoutUndefined } from '../domain/wire.js';
import { cohereEmbeddings } from './cohere.vendor.js';
import type { EmbeddingVendor } from './embedding.js';
import { dropTitles, onlyTexts } from './texts.js';
import { readVectors } from './vectors.reader.js';

const COHERE = /(?:^|\.)cohere\./;
/** Of Titan's own, which a caller may send along with OpenAI's. */
const TITANS: ReadonlySet<string> = new Set(['normalize']);

/** Amazon Titan, one text a call. https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html */
const titan: Pick<EmbeddingVendor, 'writeRequest' | 'readAnswer'> = {
  writeRequest(request, { vendor }, losses) {
    reportForeign(request, TITANS, vendor, losses);
    dropTitles(request, vendor, losses);
    if (request.purpose) {
      losses.dropped(request.purpose.field, 'Titan makes vectors of one kind.');
    }
    const [inputText, ...more] = onlyTexts(request, vendor, losses);
    if (more.length > 0) {
      losses.refused('input', 'Titan reads one text a call. Send a call for each text.');
    }
    return withoutUndefined({ ...ownFields(request, TITANS), inputText, dimensions: request.dimensions });
  },
  readAnswer(body, request, { vendor }) {
    const answer = answerObject(body, vendor, 'no embeddings');
    return {
      id: '',
      model: '',
      vectors: readVectors([answer['embedding']], request, vendor),
      usage: inputUsage(readCount(answer['inputTextTokenCount'])),
      fitsCaller: false,
    };
  },
};

/** Cohere's bodies, without the model that stands in the path. https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html */
const cohere: typeof titan = {
  writeRequest(request, target, losses) {
    const { model: _model, ...body } = cohereEmbeddings.writeRequest(request, target, losses);
    return body;
  },
  readAnswer: cohereEmbeddings.readAnswer,
};

/**
 * Embeddings by Bedrock's InvokeModel, which its compatible endpoint does not have: it lives at another host.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
 */
export const bedrockEmbeddings: EmbeddingVendor = {
  path: model => `/model/${encodeURIComponent(model)}/invoke`,
  address: baseUrl =>
    baseUrl.replace(
      /^https:\/\/bedrock-mantle\.([a-z0-9-]+)\.api\.aws$/,
      'https://bedrock-runtime.$1.amazonaws.com',
    ),
  fitsAsIs: () => false,
  writeRequest: (request, target, losses) => makerOf(target).writeRequest(request, target, losses),
  readAnswer: (body, request, target) => makerOf(target).readAnswer(body, request, target),
};

function makerOf({ model }: { readonly model: string }): typeof titan {
  return COHERE.test(model) ? cohere : titan;
}
