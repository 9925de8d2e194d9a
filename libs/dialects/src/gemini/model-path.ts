const COLLECTION = /^(models|tunedModels)\//;

/**
 * `models/gemini-2.5-pro` or `tunedModels/mine`. The name comes from the caller, so all of it behind the collection is
 * one path segment: it can neither leave it nor choose another method, query or fragment.
 */
export function modelPath(model: string): string {
  const collection = COLLECTION.exec(model)?.[1];
  const name = collection === undefined ? model : model.slice(collection.length + 1);
  // Through UTF-8, because encodeURIComponent throws on half a surrogate pair.
  return `${collection ?? 'models'}/${encodeURIComponent(Buffer.from(name).toString())}`;
}
