import type { ReactElement } from 'react';
import type { ApiKey } from '../api/types.js';
import { moment, UNKNOWN } from '../format.js';
import { type Column, Table } from '../shell/table.js';
import { limitsOf } from './limits-card.js';

const COLUMNS: readonly Column[] = [
  { name: 'Name' },
  { name: 'Key' },
  { name: 'Status' },
  { name: 'Models' },
  { name: 'Limits' },
  { name: 'Last used' },
  { name: 'Expires' },
];

interface KeyTableProps {
  readonly keys: readonly ApiKey[];
  /** Null: nothing may be changed. */
  readonly onAsk: ((what: 'rotate' | 'revoke', key: ApiKey) => void) | null;
}

export function KeyTable({ keys, onAsk }: KeyTableProps): ReactElement {
  if (keys.length === 0) {
    return <p className="empty">There is no key yet.</p>;
  }
  return (
    <Table label="Keys" columns={onAsk ? [...COLUMNS, { name: 'Change' }] : COLUMNS}>
      {keys.map(key => (
        <tr key={key.id}>
          <td>{key.name}</td>
          <td>
            <code>{key.masked}</code>
          </td>
          <td>{key.replacedBy === null ? key.status : `${key.status}, rotated`}</td>
          <td>{key.allowedModels?.join(', ') ?? 'all'}</td>
          <td>{limitsOf(key)}</td>
          <td>{key.lastUsedAt === null ? 'never' : moment(key.lastUsedAt)}</td>
          <td>{key.expiresAt === null ? UNKNOWN : moment(key.expiresAt)}</td>
          {onAsk && (
            <td>
              <KeyButtons apiKey={key} onAsk={onAsk} />
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}

interface KeyButtonsProps {
  readonly apiKey: ApiKey;
  readonly onAsk: (what: 'rotate' | 'revoke', key: ApiKey) => void;
}

/** Of a key that works. It is rotated once. */
function KeyButtons({ apiKey, onAsk }: KeyButtonsProps): ReactElement | null {
  if (apiKey.status !== 'active') {
    return null;
  }
  return (
    <span className="actions">
      {apiKey.replacedBy === null && (
        <button type="button" className="quiet" onClick={() => onAsk('rotate', apiKey)}>
          Rotate <span className="hidden">{apiKey.name}</span>
        </button>
      )}
      <button type="button" className="quiet" onClick={() => onAsk('revoke', apiKey)}>
        Revoke <span className="hidden">{apiKey.name}</span>
      </button>
    </span>
  );
}
