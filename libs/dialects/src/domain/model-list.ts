/** A model as its vendor lists it. */
export interface VendorModel {
  /** The vendor's own name of it, as a call needs it. */
  readonly id: string;
  /** Unix seconds; absent when the vendor does not say. */
  readonly created?: number;
  readonly ownedBy?: string;
  readonly contextTokens?: number;
}

export interface ModelPage {
  readonly models: readonly VendorModel[];
  /** What `path` wants for the next page; null on the last one. */
  readonly next: string | null;
}

/** How the vendors of a dialect list their models. */
export interface ModelListing {
  /** Path and query below the vendor's base URL, for the page after `after` (null: the first). */
  path(after: string | null): string;
  /** Null when the body is no list of models. Models that can no longer be called are left out. */
  readPage(body: unknown): ModelPage | null;
}
