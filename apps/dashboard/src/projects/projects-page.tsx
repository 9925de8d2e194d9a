import { type ReactElement, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { post } from '../api/client.js';
import type { Project } from '../api/types.js';
import { Dialog } from '../form/dialog.js';
import { Field } from '../form/field.js';
import { Form } from '../form/form.js';
import { ShownOnce } from '../form/shown-once.js';
import { textOf } from '../form/text-of.js';
import { moment } from '../format.js';
import { useMayChange } from '../session/session.js';
import { usePageTitle } from '../shell/page-title.js';
import { Pages } from '../shell/pages.js';
import { type Column, Table } from '../shell/table.js';
import { statusOf } from './status-of.js';

const PAGE_SIZE = 50;
const COLUMNS: readonly Column[] = [
  { name: 'Name' },
  { name: 'Status' },
  { name: 'Created' },
  { name: 'Id' },
];

interface Created extends Project {
  readonly apiKey: string;
}

export function ProjectsPage(): ReactElement {
  usePageTitle('Projects');
  const mayChange = useMayChange();
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <div className="title">
        <h1>Projects</h1>
        {mayChange && (
          <button type="button" onClick={() => setAsked(true)}>
            New project
          </button>
        )}
      </div>
      <div className="card">
        <Pages<Project> label="Projects" path="/admin/projects" size={PAGE_SIZE}>
          {projects => <ProjectTable projects={projects} />}
        </Pages>
      </div>
      {isAsked && <NewProject onClose={() => setAsked(false)} />}
    </>
  );
}

function ProjectTable({ projects }: { readonly projects: readonly Project[] }): ReactElement {
  if (projects.length === 0) {
    return <p className="empty">There is no project yet.</p>;
  }
  return (
    <Table label="All projects" columns={COLUMNS}>
      {projects.map(project => (
        <tr key={project.id}>
          <td>
            <Link href={`/projects/${project.id}`}>{project.name}</Link>
          </td>
          <td>{statusOf(project)}</td>
          <td>{moment(project.createdAt)}</td>
          <td>
            <code>{project.id}</code>
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** Asks for its name, shows its first key, and goes to it. */
function NewProject({ onClose }: { readonly onClose: () => void }): ReactElement {
  const [, go] = useLocation();
  const [created, setCreated] = useState<Created | null>(null);
  if (created) {
    return (
      <ShownOnce
        title={`First key of ${created.name}`}
        secret={created.apiKey}
        onClose={() => go(`/projects/${created.id}`)}
      />
    );
  }
  return (
    <Dialog title="New project" onClose={onClose}>
      <Form
        action="Create"
        onSend={async form =>
          setCreated(await post<Created>('/admin/projects', { name: textOf(form, 'name') }))
        }
      >
        <Field name="name" label="Name" hint="Shown in the dashboard and in reports of usage." isRequired />
      </Form>
    </Dialog>
  );
}
