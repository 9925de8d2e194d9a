import { Prop } from '@nestjs/mongoose';
import type { PolicyRecord } from '../domain/policies/policy-definition.js';

/** What the documents of a version have in common, whether it is the latest or not. */
export class PolicyFields implements Omit<PolicyRecord, 'id'> {
  @Prop({ type: String })
  readonly projectId!: string;

  @Prop({ type: String })
  readonly name!: string;

  @Prop({ type: Number })
  readonly version!: number;

  /** JSON. */
  @Prop({ type: String })
  readonly definition!: string;

  @Prop({ type: String })
  readonly authorId!: string;

  @Prop({ type: String })
  readonly authorName!: string;

  /** Unix ms, as the next. */
  @Prop({ type: Number })
  readonly createdAt!: number;

  @Prop({ type: Number })
  readonly updatedAt!: number;
}
