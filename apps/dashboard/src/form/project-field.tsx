import type { ReactElement } from 'react';
import type { Page, Project } from '../api/types.js';
import { useAnswer } from '../api/use-answer.js';
import { Field } from './field.js';

interface ProjectFieldProps {
  /** Id of the chosen one; empty: all. */
  readonly value: string;
}

/** One of the first hundred projects, or the one that the address names; or all of them. */
export function ProjectField({ value }: ProjectFieldProps): ReactElement {
  const projects = useProjects();
  return (
    <Field
      key={projects.length > 0 ? 'known' : 'asked'}
      name="projectId"
      label="Project"
      value={value}
      options={[['', 'all'], ...withChosen(projects, value).map(({ id, name }) => [id, name] as const)]}
    />
  );
}

/** The first hundred of them. */
export function useProjects(): readonly Project[] {
  return useAnswer<Page<Project>>('/admin/projects?limit=100').answer?.data ?? [];
}

type Named = Pick<Project, 'id' | 'name'>;

export function withChosen(projects: readonly Named[], id: string): readonly Named[] {
  return id === '' || projects.some(project => project.id === id)
    ? projects
    : [...projects, { id, name: id }];
}
