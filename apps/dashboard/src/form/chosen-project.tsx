import type { ReactElement } from 'react';
import { useSearchParams } from 'wouter';
import { Field } from './field.js';
import { FilterForm } from './filter-form.js';
import { useProjects, withChosen } from './project-field.js';

/** The project that the address names, else the first one; empty while none is known. */
export function useChosenProject(): { readonly id: string; readonly chooser: ReactElement } {
  const [query, setQuery] = useSearchParams();
  const projects = useProjects();
  const id = query.get('projectId') ?? projects[0]?.id ?? '';
  const chooser = (
    <FilterForm label="Project" action="Show" fields={['projectId']} onAsk={setQuery}>
      <Field
        key={`${projects.length} ${id}`}
        name="projectId"
        label="Project"
        value={id}
        options={withChosen(projects, id).map(project => [project.id, project.name])}
      />
    </FilterForm>
  );
  return { id, chooser };
}
