import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { PriceEntries } from '@app/providers';
import type { PriceListSummary, PriceSource, StoredPriceList } from '../domain/stored-price-list.entity.js';

@Schema({ collection: 'price_lists', versionKey: false, strict: 'throw' })
export class PriceListDocument {
  /** Its version. */
  @Prop({ type: Number })
  readonly _id!: number;

  @Prop({ type: String })
  readonly source!: PriceSource;

  @Prop({ type: String })
  readonly digest!: string;

  @Prop({ type: Number })
  readonly models!: number;

  /** JSON: names of models have dots, which MongoDB takes for paths. */
  @Prop({ type: String })
  readonly prices!: string;

  @Prop({ type: String })
  readonly createdAt!: string;

  @Prop({ type: String })
  readonly authorId!: string;

  @Prop({ type: String })
  readonly authorName!: string;
}

export const priceListSchema = SchemaFactory.createForClass(PriceListDocument);
priceListSchema.index({ source: 1, _id: 1 }, { name: 'price_lists_by_source' }); // lastVersion of a source
priceListSchema.index({ digest: 1, _id: 1 }, { name: 'price_lists_by_digest' }); // findByDigest

export function toDocument({ version, prices, ...list }: StoredPriceList): PriceListDocument {
  return { _id: version, ...list, prices: JSON.stringify(prices) };
}

export function toList({ prices, ...document }: PriceListDocument): StoredPriceList {
  return { ...toSummary(document), prices: JSON.parse(prices) as PriceEntries };
}

export function toSummary({ _id, ...document }: Omit<PriceListDocument, 'prices'>): PriceListSummary {
  return { version: _id, ...document };
}
