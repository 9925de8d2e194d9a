import type { Model } from 'mongoose';
import type { Project } from '../domain/project.entity.js';
import { type ProjectChange, ProjectRepository } from '../domain/project.repository.js';
import { type ProjectDocument, projectSchema, toDocument, toFields, toProject } from './project.schema.js';
import { atVersion } from './stored-version.js';

export class ProjectMongoRepository extends ProjectRepository {
  static readonly schema = projectSchema;

  constructor(private readonly model: Model<ProjectDocument>) {
    super();
  }

  async insert(project: Project): Promise<void> {
    await this.model.create(toDocument(project));
  }

  async findById(id: string): Promise<Project | null> {
    const document = await this.model.findById(id).lean<ProjectDocument>();
    return document && toProject(document);
  }

  async list(limit: number, after = ''): Promise<Project[]> {
    const documents = await this.model
      .find({ _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<ProjectDocument[]>();
    return documents.map(toProject);
  }

  async update(id: string, version: number, change: ProjectChange): Promise<boolean> {
    const { matchedCount } = await this.model.updateOne(
      { _id: id, version: atVersion(version) },
      { $set: { ...toFields(change), version: version + 1 } },
    );
    return matchedCount === 1;
  }

  async findDue(now: number, limit: number): Promise<Project[]> {
    const documents = await this.model
      .find({ deletesAt: { $lte: now } })
      .sort({ deletesAt: 1 })
      .limit(limit)
      .lean<ProjectDocument[]>();
    return documents.map(toProject);
  }

  async delete(id: string): Promise<void> {
    await this.model.deleteOne({ _id: id });
  }
}
