import { isDuplicateKey } from '@app/shared';
import type { Model } from 'mongoose';
import { PriceListRepository } from '../domain/price-list.repository.js';
import type { PriceListSummary, PriceSource, StoredPriceList } from '../domain/stored-price-list.entity.js';
import {
  type PriceListDocument,
  priceListSchema,
  toDocument,
  toList,
  toSummary,
} from './price-list.schema.js';

export class PriceListMongoRepository extends PriceListRepository {
  static readonly schema = priceListSchema;

  constructor(private readonly model: Model<PriceListDocument>) {
    super();
  }

  async insert(list: StoredPriceList): Promise<boolean> {
    try {
      await this.model.create(toDocument(list));
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) {
        return false;
      }
      throw error;
    }
  }

  async find(version: number): Promise<StoredPriceList | null> {
    const document = await this.model.findById(version).lean<PriceListDocument>();
    return document && toList(document);
  }

  async findByDigest(digest: string): Promise<StoredPriceList | null> {
    const document = await this.model.findOne({ digest }).sort({ _id: -1 }).lean<PriceListDocument>();
    return document && toList(document);
  }

  async lastVersion(source?: PriceSource): Promise<number> {
    const document = await this.model
      .findOne(source === undefined ? {} : { source }, { _id: 1 })
      .sort({ _id: -1 })
      .lean<Pick<PriceListDocument, '_id'>>();
    return document?._id ?? 0;
  }

  async listBefore(version: number, limit: number): Promise<PriceListSummary[]> {
    const documents = await this.model
      .find({ _id: { $lt: version } }, { prices: 0 })
      .sort({ _id: -1 })
      .limit(limit)
      .lean<Omit<PriceListDocument, 'prices'>[]>();
    return documents.map(toSummary);
  }
}
