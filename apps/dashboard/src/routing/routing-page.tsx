import { type ReactElement, useState } from 'react';
import { remove } from '../api/client.js';
import type { RoutingPolicy } from '../api/types.js';
import { useChosenProject } from '../form/chosen-project.js';
import { Confirm } from '../form/confirm.js';
import { moment } from '../format.js';
import { useMayChange } from '../session/session.js';
import { usePageTitle } from '../shell/page-title.js';
import { Pages } from '../shell/pages.js';
import { type Column, Table } from '../shell/table.js';
import { PolicyEditor } from './policy-editor.js';

const PAGE_SIZE = 50;
const COLUMNS: readonly Column[] = [
  { name: 'Name' },
  { name: 'Strategy' },
  { name: 'Targets' },
  { name: 'Version' },
  { name: 'Changed' },
];

/** Null: a new one. */
interface Asked {
  readonly what: 'edit' | 'delete';
  readonly policy: RoutingPolicy | null;
}

/** What names of models stand for. */
export function RoutingPage(): ReactElement {
  usePageTitle('Routing');
  const { id, chooser } = useChosenProject();
  return (
    <>
      <h1>Routing</h1>
      {chooser}
      {id !== '' && <OfProject key={id} id={id} />}
    </>
  );
}

function OfProject({ id }: { readonly id: string }): ReactElement {
  const mayChange = useMayChange();
  const [asked, setAsked] = useState<Asked | null>(null);
  const path = `/admin/projects/${encodeURIComponent(id)}/routing-policies`;
  return (
    <section className="card" aria-labelledby="policies">
      <div className="title">
        <h2 id="policies">Policies</h2>
        {mayChange && (
          <button type="button" onClick={() => setAsked({ what: 'edit', policy: null })}>
            New policy
          </button>
        )}
      </div>
      <Pages<RoutingPolicy> label="Policies" path={path} size={PAGE_SIZE}>
        {(policies, again) => (
          <>
            <PolicyTable policies={policies} onAsk={mayChange ? setAsked : null} />
            {asked && (
              <AskedDialog
                projectId={id}
                path={path}
                asked={asked}
                onClose={() => setAsked(null)}
                onChange={again}
              />
            )}
          </>
        )}
      </Pages>
    </section>
  );
}

interface PolicyTableProps {
  readonly policies: readonly RoutingPolicy[];
  /** Null: nothing may be changed. */
  readonly onAsk: ((asked: Asked) => void) | null;
}

function PolicyTable({ policies, onAsk }: PolicyTableProps): ReactElement {
  if (policies.length === 0) {
    return <p className="empty">Names of models stand for themselves.</p>;
  }
  return (
    <Table label="All policies" columns={onAsk ? [...COLUMNS, { name: 'Change' }] : COLUMNS}>
      {policies.map(policy => (
        <tr key={policy.id}>
          <td>{policy.name}</td>
          <td>{policy.strategy}</td>
          <td>{policy.targets.map(({ model }) => model).join(', ')}</td>
          <td>{policy.version}</td>
          <td>
            {moment(policy.updatedAt)} by {policy.authorName}
          </td>
          {onAsk && (
            <td>
              <span className="actions">
                <button type="button" className="quiet" onClick={() => onAsk({ what: 'edit', policy })}>
                  Edit <span className="hidden">{policy.name}</span>
                </button>
                <button type="button" className="quiet" onClick={() => onAsk({ what: 'delete', policy })}>
                  Delete <span className="hidden">{policy.name}</span>
                </button>
              </span>
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}

interface AskedDialogProps {
  readonly projectId: string;
  readonly path: string;
  readonly asked: Asked;
  readonly onClose: () => void;
  readonly onChange: () => void;
}

function AskedDialog({ projectId, path, asked, onClose, onChange }: AskedDialogProps): ReactElement {
  const { what, policy } = asked;
  const done = (): void => {
    onClose();
    onChange();
  };
  if (what === 'edit' || policy === null) {
    return (
      <PolicyEditor projectId={projectId} path={path} policy={policy} onClose={onClose} onSaved={done} />
    );
  }
  return (
    <Confirm
      title={`Delete ${policy.name}?`}
      action="Delete"
      onClose={onClose}
      onConfirm={async () => {
        await remove(`${path}/${policy.id}`);
        done();
      }}
    >
      Its name means a model again, or none. Its versions are kept, and can be restored by the management API.
    </Confirm>
  );
}
