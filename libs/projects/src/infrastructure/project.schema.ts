import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { Project } from '../domain/project.entity.js';

@Schema({ collection: 'projects', versionKey: false, strict: 'throw' })
export class ProjectDocument implements Omit<Project, 'id' | 'createdAt'> {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly name!: string;

  @Prop({ type: String })
  readonly status!: Project['status'];

  @Prop({ type: Boolean })
  readonly strict!: boolean;

  @Prop({ type: Boolean })
  readonly annotate!: boolean;

  @Prop({ type: Number })
  readonly fileLimitBytes!: number | null;

  /** Unix ms. */
  @Prop({ type: Number })
  readonly createdAt!: number;
}

export const projectSchema = SchemaFactory.createForClass(ProjectDocument);

export function toDocument({ id, createdAt, ...project }: Project): ProjectDocument {
  return { _id: id, ...project, createdAt: Date.parse(createdAt) };
}

export function toProject({ _id, createdAt, ...document }: ProjectDocument): Project {
  return { id: _id, ...document, createdAt: new Date(createdAt).toISOString() };
}
