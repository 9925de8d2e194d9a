import type { Model } from 'mongoose';
import { putDocument } from '@app/shared';
import type { AlertState } from '../domain/alert-state.js';
import { AlertStateRepository } from '../domain/alert-state.repository.js';
import { type AlertStateDocument, alertStateSchema } from './alert-state.schema.js';
import { toRow, toState } from './alert-state.table.js';

export class AlertStateMongoRepository extends AlertStateRepository {
  static readonly schema = alertStateSchema;

  constructor(private readonly model: Model<AlertStateDocument>) {
    super();
  }

  async find(id: string): Promise<AlertState | null> {
    const document = await this.model.findById(id).lean<AlertStateDocument>();
    return document && toState({ id, version: document.version, state: document.state });
  }

  put(state: AlertState): Promise<boolean> {
    const { id: _id, ...row } = toRow(state);
    return putDocument(this.model, { _id, ...row });
  }

  async delete(ids: readonly string[]): Promise<void> {
    await this.model.deleteMany({ _id: { $in: ids } });
  }
}
