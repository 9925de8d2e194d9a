import { OfferedModel } from '../domain/offered-model.entity.js';

export class ModelListView {
  /** @example 'list' */
  readonly object!: 'list';
  readonly data!: OfferedModel[];
}
