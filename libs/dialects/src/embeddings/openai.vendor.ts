import type { Losses } from '../domain/losses.js';
import type { TaskTarget } from '../domain/task.js';
import { answerObject, readTaskUsage } from '../domain/task-answer.js';
import { numberOr, recordOr, recordsOf, stringOr, type Wire, withoutUndefined } from '../domain/wire.js';
import type { EmbeddingAnswer, EmbeddingRequest, EmbeddingVendor } from './embedding.js';
import { PURPOSE_FIELD, type PurposeWords, writePurpose } from './purpose.js';
import { dropTitles, onlyTexts } from './texts.js';
import { readVectors } from './vectors.reader.js';

type Refusable = 'dimensions' | 'encoding_format' | 'input_type' | 'user';

/** What a vendor of OpenAI's embeddings does differently; data, so that a vendor needs no code. */
export interface EmbeddingQuirks {
  /** It takes texts as tokens, too: its models share OpenAI's tokenizers. */
  readonly tokens?: boolean;
  /** What it refuses. Without `encoding_format` the gateway packs the vectors itself. */
  readonly unsupported?: readonly Refusable[];
  /** Its name of `dimensions`. */
  readonly dimensionsField?: string;
  /** Its field and words for what the vectors are for; without them the caller's `input_type` goes on as it is. */
  readonly purpose?: { readonly field: string; readonly words: PurposeWords };
}

/**
 * Embeddings as OpenAI and the vendors compatible with it take them. The caller's bytes pass unless they say something for
 * which the vendor has other words. Source: https://platform.openai.com/docs/api-reference/embeddings
 */
export class OpenAiEmbeddings implements EmbeddingVendor {
  constructor(private readonly quirks: EmbeddingQuirks = {}) {}

  path(): string {
    return '/embeddings';
  }

  fitsAsIs({ inputs, dimensions, user, titles, native }: EmbeddingRequest): boolean {
    const { tokens, dimensionsField, purpose } = this.quirks;
    return (
      titles === undefined &&
      (tokens || inputs.every(input => typeof input === 'string')) &&
      !this.refuses('encoding_format') &&
      (dimensions === undefined || !(this.refuses('dimensions') || dimensionsField)) &&
      (user === undefined || !this.refuses('user')) &&
      (native[PURPOSE_FIELD] === undefined || !(purpose || this.refuses('input_type')))
    );
  }

  writeRequest(request: EmbeddingRequest, { model, vendor }: TaskTarget, losses: Losses): Wire {
    const { tokens, dimensionsField = 'dimensions' } = this.quirks;
    const { inputs, format, native, user } = request;
    const { [PURPOSE_FIELD]: _said, ...others } = native;
    dropTitles(request, vendor, losses);
    return withoutUndefined({
      ...others,
      model,
      input: tokens ? inputs : onlyTexts(request, vendor, losses),
      [dimensionsField]: this.dimensions(request, vendor, losses),
      encoding_format: format === 'base64' && !this.refuses('encoding_format') ? format : undefined,
      user: this.refuses('user') ? undefined : user, // bookkeeping: no vector depends on it
      ...this.purpose(request, losses),
    });
  }

  readAnswer(body: unknown, request: EmbeddingRequest, { vendor }: TaskTarget): EmbeddingAnswer {
    const answer = answerObject(body, vendor, 'no embeddings');
    const entries = recordsOf(answer['data']).toSorted((a, b) => indexOf(a) - indexOf(b));
    const vectors = readVectors(
      entries.map(({ embedding }) => embedding),
      request,
      vendor,
    );
    const isPacked = request.format === 'base64';
    const usage = recordOr(answer['usage']);
    return {
      id: stringOr(answer['id'], ''),
      model: stringOr(answer['model'], ''),
      vectors,
      usage: readTaskUsage(usage),
      fitsCaller:
        vectors.every(vector => (typeof vector === 'string') === isPacked) &&
        typeof usage['prompt_tokens'] === 'number',
    };
  }

  /** Vectors of another length would be of no use to a caller who compares them with others. */
  private dimensions({ dimensions }: EmbeddingRequest, vendor: string, losses: Losses): number | undefined {
    if (dimensions !== undefined && this.refuses('dimensions')) {
      losses.refused('dimensions', `'${vendor}' chooses the length of its vectors itself.`);
    }
    return dimensions;
  }

  /** What the vectors are for. Where the vendor has no words for it, what the caller says goes on under its own name. */
  private purpose(request: EmbeddingRequest, losses: Losses): Wire {
    const { field, words } = this.quirks.purpose ?? { field: PURPOSE_FIELD, words: null };
    const said = request.native[PURPOSE_FIELD];
    if (this.refuses('input_type')) {
      if (request.purpose ?? said) {
        losses.dropped(request.purpose?.field ?? PURPOSE_FIELD, 'The vendor makes vectors of one kind.');
      }
      return {};
    }
    const word = words || said === undefined ? writePurpose(request, words ?? {}, losses) : said;
    return word === undefined ? {} : { [field]: word };
  }

  private refuses(field: Refusable): boolean {
    return this.quirks.unsupported?.includes(field) ?? false;
  }
}

function indexOf(entry: Wire): number {
  return numberOr(entry['index'], 0);
}
