import type { Model, mongo } from 'mongoose';
import type { Logger } from '../logging/logger.js';
import { UnusableStoreError } from './unusable-store.error.js';

/** What the server tells about an index, and what a schema asks for. */
interface Index {
  readonly name?: string;
  readonly key: Record<string, mongo.IndexDirection>;
  readonly unique?: boolean;
  readonly sparse?: boolean;
  readonly expireAfterSeconds?: number;
  readonly partialFilterExpression?: object;
}

const NAMESPACE_NOT_FOUND = 26;
const DUPLICATE_KEY = 11_000;

/**
 * Makes the indexes of a schema that are missing, and compares the others. One that differs is reported and left as it
 * is: it costs speed at most, and replacing it would leave a large collection without any meanwhile. Only a missing
 * uniqueness stops the start, because correct answers rest on it.
 *
 * @throws UnusableStoreError
 */
export async function ensureIndexes<Document>(model: Model<Document>, logger: Logger): Promise<void> {
  const existing = await existingIndexes(model);
  for (const [key, options] of model.schema.indexes()) {
    const wanted = { ...options, key } as Index;
    const found = existing.find(index => index.name === wanted.name || same(index.key, wanted.key));
    if (!found) {
      await create(model, wanted);
    } else if (!fits(found, wanted)) {
      const problem = describe(model.collection.collectionName, found, wanted);
      if (wanted.unique && !isUniqueFor(found, wanted)) {
        throw new UnusableStoreError(problem);
      }
      logger.warn(problem);
    }
  }
}

async function existingIndexes<Document>(model: Model<Document>): Promise<readonly Index[]> {
  try {
    return await model.collection.indexes();
  } catch (error) {
    if (codeOf(error) === NAMESPACE_NOT_FOUND) {
      return []; // the first start
    }
    throw error;
  }
}

async function create<Document>(model: Model<Document>, { key, ...options }: Index): Promise<void> {
  try {
    await model.collection.createIndex(key, { ...options });
  } catch (error) {
    if (codeOf(error) !== DUPLICATE_KEY) {
      throw error;
    }
    throw new UnusableStoreError(
      `The unique index '${options.name}' cannot be made, because '${model.collection.collectionName}' holds several ` +
        `documents with the same ${Object.keys(key).join(', ')}. Remove the surplus ones and start again.`,
      { cause: error },
    );
  }
}

function fits(found: Index, wanted: Index): boolean {
  return same(found.key, wanted.key) && same(rulesOf(found), rulesOf(wanted));
}

/** One that covers some documents only leaves the others free to be twice. */
function isUniqueFor(found: Index, wanted: Index): boolean {
  const [one, other] = [rulesOf(found), rulesOf(wanted)];
  return (
    one.unique &&
    same(found.key, wanted.key) &&
    one.sparse === other.sparse &&
    same(one.partialFilterExpression, other.partialFilterExpression)
  );
}

function rulesOf({ unique, sparse, expireAfterSeconds, partialFilterExpression }: Index) {
  return {
    unique: unique === true,
    sparse: sparse === true,
    expireAfterSeconds: expireAfterSeconds ?? null,
    partialFilterExpression: partialFilterExpression ?? null,
  };
}

function describe(collection: string, found: Index, wanted: Index): string {
  const show = (index: Index): string => JSON.stringify({ key: index.key, ...rulesOf(index) });
  return (
    `Index '${found.name}' of collection '${collection}' is ${show(found)}, but this gateway needs ${show(wanted)}. ` +
    `Run db.${collection}.dropIndex('${found.name}') in a quiet hour and start the gateway again: it makes the right one.`
  );
}

/** The order of fields matters, as it does in an index. */
function same(one: object | null, other: object | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
