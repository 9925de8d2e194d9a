import type { FormEvent, ReactElement } from 'react';
import { useSearchParams } from 'wouter';
import { Field } from './field.js';
import { useProjects, withChosen } from './project-field.js';
import { textOf } from './text-of.js';

/** The project that the address names, else the first one; empty while none is known. */
export function useChosenProject(): { readonly id: string; readonly chooser: ReactElement } {
  const [query, setQuery] = useSearchParams();
  const projects = useProjects();
  const id = query.get('projectId') ?? projects[0]?.id ?? '';
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setQuery({ projectId: textOf(new FormData(event.currentTarget), 'projectId') });
  };
  const chooser = (
    <form className="card filters" onSubmit={submit} aria-label="Project">
      <Field
        key={`${projects.length} ${id}`}
        name="projectId"
        label="Project"
        value={id}
        options={withChosen(projects, id).map(project => [project.id, project.name])}
      />
      <button type="submit">Show</button>
    </form>
  );
  return { id, chooser };
}
