import type { AnyModel } from './usage-hour.documents.js';

/** The same as `ReceivedRows`, of documents. */
export class ReceivedDocuments {
  constructor(private readonly model: AnyModel) {}

  async oldest(projectId?: string): Promise<number | null> {
    const document = await this.model
      .findOne(ofProject(projectId), { receivedAt: 1 })
      .sort({ receivedAt: 1, _id: 1 })
      .lean<{ readonly receivedAt: number }>();
    return document?.receivedAt ?? null;
  }

  async nextProject(after: string): Promise<string | null> {
    const document = await this.model
      .findOne({ projectId: { $gt: after } }, { projectId: 1 })
      .sort({ projectId: 1 })
      .lean<{ readonly projectId: string }>();
    return document?.projectId ?? null;
  }

  async idsBefore(before: number, limit: number, projectId?: string): Promise<string[]> {
    const documents = await this.model
      .find({ ...ofProject(projectId), receivedAt: { $lt: before } }, { _id: 1 })
      .sort({ receivedAt: 1, _id: 1 })
      .limit(limit)
      .lean<{ readonly _id: string }[]>();
    return documents.map(({ _id }) => _id);
  }
}

function ofProject(projectId: string | undefined): { projectId?: string } {
  return projectId === undefined ? {} : { projectId };
}
