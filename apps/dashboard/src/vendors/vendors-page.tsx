import type { ReactElement } from 'react';
import type { CoolingKey, Page, Vendor, VendorTarget } from '../api/types.js';
import { useAnswer } from '../api/use-answer.js';
import { count, duration, moment, UNKNOWN } from '../format.js';
import { usePageTitle } from '../shell/page-title.js';
import { Pages } from '../shell/pages.js';
import { type Column, Table } from '../shell/table.js';

const AGAIN_MS = 5000;
const PAGE_SIZE = 100;
const VENDOR_COLUMNS: readonly Column[] = [
  { name: 'Vendor' },
  { name: 'Key' },
  { name: 'Reachable' },
  { name: 'Asked' },
  { name: 'Address' },
];
const TARGET_COLUMNS: readonly Column[] = [
  { name: 'Target' },
  { name: 'Breaker' },
  { name: 'Open calls', isNumber: true },
  { name: 'First token, p50', isNumber: true },
  { name: 'p95', isNumber: true },
  { name: 'Tokens a second', isNumber: true },
  { name: 'Failures', isNumber: true },
  { name: 'Last failure' },
];
const KEY_COLUMNS: readonly Column[] = [{ name: 'Key' }, { name: 'Model' }, { name: 'For' }, { name: 'Why' }];

/** Whom this gateway calls, how well they are, and what is left alone for a while. */
export function VendorsPage(): ReactElement {
  usePageTitle('Vendors');
  return (
    <>
      <h1>Vendors</h1>
      <section className="card" aria-labelledby="targets">
        <h2 id="targets">Targets</h2>
        <Pages<VendorTarget>
          label="Targets"
          path="/admin/routing/targets"
          size={PAGE_SIZE}
          againMs={AGAIN_MS}
        >
          {targets => <TargetTable targets={targets} />}
        </Pages>
      </section>
      <CoolingKeys />
      <section className="card" aria-labelledby="vendors">
        <h2 id="vendors">Vendors</h2>
        <Pages<Vendor> label="Vendors" path="/admin/providers" size={PAGE_SIZE} againMs={AGAIN_MS}>
          {vendors => <VendorTable vendors={vendors} />}
        </Pages>
      </section>
    </>
  );
}

function TargetTable({ targets }: { readonly targets: readonly VendorTarget[] }): ReactElement {
  if (targets.length === 0) {
    return <p className="empty">Since its start this gateway called nobody.</p>;
  }
  return (
    <Table label="Health of targets" columns={TARGET_COLUMNS}>
      {targets.map(target => (
        <tr key={target.id}>
          <td>{target.id}</td>
          <td>
            <span className="state" data-ok={target.breaker === 'closed'}>
              {breakerOf(target)}
            </span>
          </td>
          <td className="number">{count(target.openCalls)}</td>
          <td className="number">{duration(target.firstTokenMs?.p50 ?? null)}</td>
          <td className="number">{duration(target.firstTokenMs?.p95 ?? null)}</td>
          <td className="number">
            {target.tokensPerSecond === null ? UNKNOWN : count(target.tokensPerSecond)}
          </td>
          <td className="number">{count(target.failures)}</td>
          <td>{failureOf(target)}</td>
        </tr>
      ))}
    </Table>
  );
}

function breakerOf({ breaker, opensForMs, ownKeys }: VendorTarget): string {
  const words = [
    breaker,
    opensForMs > 0 && `tried in ${duration(opensForMs)}`,
    ownKeys.length > 0 && `kept from ${ownKeys.length} projects with keys of their own`,
  ];
  return words.filter(Boolean).join(', ');
}

function failureOf({ lastFailure }: VendorTarget): string {
  return lastFailure === null ? UNKNOWN : `${lastFailure.status ?? 'no answer'}, ${moment(lastFailure.at)}`;
}

function CoolingKeys(): ReactElement {
  const { answer } = useAnswer<Page<VendorTarget> & { readonly coolingKeys: readonly CoolingKey[] }>(
    '/admin/routing/targets?limit=1',
    AGAIN_MS,
  );
  const keys = answer?.coolingKeys ?? [];
  return (
    <section className="card" aria-labelledby="cooling">
      <h2 id="cooling">Keys that are left alone</h2>
      {keys.length === 0 ? (
        <p className="empty">None: vendors take all keys now.</p>
      ) : (
        <Table label="Cooling keys" columns={KEY_COLUMNS}>
          {keys.map(({ keyId, model, remainingMs, limited }) => (
            <tr key={`${keyId} ${model}`}>
              <td>
                <code>{keyId}</code>
              </td>
              <td>{model ?? 'all'}</td>
              <td>{duration(remainingMs)}</td>
              <td>{limited ? 'met a rate limit' : 'was refused'}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function VendorTable({ vendors }: { readonly vendors: readonly Vendor[] }): ReactElement {
  return (
    <Table label="All vendors" columns={VENDOR_COLUMNS}>
      {vendors.map(({ id, name, key, reachable, lastError, checkedAt, baseUrl }) => (
        <tr key={id}>
          <td>
            {name} <code className="hint">{id}</code>
          </td>
          <td>{key}</td>
          <td>
            {reachable === null ? UNKNOWN : reachable ? 'yes' : `no: ${lastError ?? 'nobody knows why'}`}
          </td>
          <td>{checkedAt === null ? 'never' : moment(checkedAt)}</td>
          <td>
            <code>{baseUrl}</code>
          </td>
        </tr>
      ))}
    </Table>
  );
}
