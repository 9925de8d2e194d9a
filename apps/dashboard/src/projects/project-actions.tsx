import { type ReactElement, useState } from 'react';
import { post, remove } from '../api/client.js';
import type { Project } from '../api/types.js';
import { Confirm } from '../form/confirm.js';
import { useMayChange } from '../session/session.js';

interface Action {
  readonly name: string;
  readonly outcome: string;
  make(path: string): Promise<unknown>;
}

const SUSPEND: Action = {
  name: 'Suspend',
  outcome: 'Its keys answer 403 from now on, until it is activated.',
  make: path => post(`${path}/suspend`),
};
const ACTIVATE: Action = {
  name: 'Activate',
  outcome: 'Its keys work again.',
  make: path => post(`${path}/activate`),
};
const DELETE: Action = {
  name: 'Delete',
  outcome: 'Its keys stop at once. For a week it can be restored; what it used stays on record.',
  make: remove,
};
const RESTORE: Action = {
  name: 'Restore',
  outcome: 'It is as it was before it was deleted.',
  make: path => post(`${path}/restore`),
};

interface ProjectActionsProps {
  readonly project: Project;
  readonly path: string;
  readonly onChange: () => void;
}

export function ProjectActions({ project, path, onChange }: ProjectActionsProps): ReactElement | null {
  const mayChange = useMayChange();
  const [asked, setAsked] = useState<Action | null>(null);
  if (!mayChange) {
    return null;
  }
  const switching = project.status === 'active' ? SUSPEND : ACTIVATE;
  const actions = project.deletesAt === null ? [switching, DELETE] : [RESTORE];
  return (
    <>
      {actions.map(action => (
        <button key={action.name} type="button" className="quiet" onClick={() => setAsked(action)}>
          {action.name}
        </button>
      ))}
      {asked && (
        <Confirm
          title={`${asked.name} ${project.name}?`}
          action={asked.name}
          onClose={() => setAsked(null)}
          onConfirm={async () => {
            await asked.make(path);
            setAsked(null);
            onChange();
          }}
        >
          {asked.outcome}
        </Confirm>
      )}
    </>
  );
}
