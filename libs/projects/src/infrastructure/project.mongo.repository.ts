import type { Model } from 'mongoose';
import type { Project, ProjectSettings } from '../domain/project.entity.js';
import { ProjectRepository } from '../domain/project.repository.js';
import { type ProjectDocument, projectSchema, toDocument, toProject } from './project.schema.js';

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

  async update(id: string, changes: Partial<ProjectSettings>): Promise<void> {
    await this.model.updateOne({ _id: id }, { $set: changes });
  }

  async setStatus(id: string, status: Project['status']): Promise<void> {
    await this.model.updateOne({ _id: id }, { $set: { status } });
  }
}
