import { type Model, mongo } from 'mongoose';

const DUPLICATE_KEY = 11_000;

/**
 * Adds documents; those that are there already (by `_id`) stay as they are. By the driver itself: Mongoose would check each
 * of 200 documents against the schema, and drop those that fail.
 *
 * @returns how many were added
 */
export async function insertDocuments<Document>(
  model: Model<Document>,
  documents: readonly { readonly _id: string }[],
): Promise<number> {
  if (documents.length === 0) {
    return 0;
  }
  const collection = model.collection as unknown as mongo.Collection<{ readonly _id: string }>;
  try {
    return (await collection.insertMany(documents, { ordered: false })).insertedCount;
  } catch (error) {
    const { insertedCount, refused } = refusedAsDouble(error);
    if (insertedCount + refused.length === documents.length) {
      return insertedCount;
    }
    throw error;
  }
}

/**
 * Of a batch that comes twice the server refuses what it has and takes the rest. Every document must be accounted for: the
 * same class of error, without any refusal in it, says that the server went away.
 *
 * @throws the error itself, when it is anything else
 */
export function refusedAsDouble(error: unknown): {
  readonly insertedCount: number;
  readonly refused: readonly mongo.WriteError[];
} {
  if (!(error instanceof mongo.MongoBulkWriteError) || error.result.getWriteConcernError()) {
    throw error;
  }
  const refused = [error.writeErrors].flat();
  if (!refused.every(({ code }) => code === DUPLICATE_KEY)) {
    throw error;
  }
  return { insertedCount: error.insertedCount, refused };
}
