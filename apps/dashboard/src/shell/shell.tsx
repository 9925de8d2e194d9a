import { type ReactElement, type ReactNode, useContext, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Session } from '../api/types.js';
import { SessionContext } from '../session/session.js';
import { applyTheme, storedTheme, type Theme, THEMES } from './theme.js';

const PAGES = [
  { path: '/', name: 'Overview' },
  { path: '/explore', name: 'Explore' },
  { path: '/calls', name: 'Calls' },
  { path: '/voice', name: 'Voice' },
  { path: '/projects', name: 'Projects' },
  { path: '/budgets', name: 'Budgets' },
  { path: '/playground', name: 'Playground' },
  { path: '/vendors', name: 'Vendors' },
  { path: '/routing', name: 'Routing' },
  { path: '/prices', name: 'Prices' },
  { path: '/cache', name: 'Cache' },
  { path: '/audit', name: 'Audit' },
];

interface ShellProps {
  readonly who: Session;
  readonly children: ReactNode;
}

/** What stands around every page. */
export function Shell({ who, children }: ShellProps): ReactElement {
  const { logOut } = useContext(SessionContext);
  const [location] = useLocation();
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="top">
        <strong>LLM Hub</strong>
        <nav aria-label="Pages">
          {PAGES.map(({ path, name }) => (
            <Link key={path} href={path} aria-current={isAt(location, path) ? 'page' : undefined}>
              {name}
            </Link>
          ))}
        </nav>
        <ThemeChoice />
        <span className="who" title={who.key ?? undefined}>
          {who.name} · {who.role}
        </span>
        <button type="button" className="quiet" onClick={() => void logOut()}>
          Log out
        </button>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

/** Also on what lies below a page, as one call below the calls. */
function isAt(location: string, path: string): boolean {
  return path === '/' ? location === path : location.startsWith(path);
}

function ThemeChoice(): ReactElement {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const choose = (next: Theme): void => {
    setTheme(next);
    applyTheme(next);
  };
  return (
    <select
      aria-label="Theme"
      value={theme}
      onChange={({ target }) => choose(THEMES.find(each => each === target.value) ?? 'system')}
    >
      {THEMES.map(each => (
        <option key={each} value={each}>
          {each}
        </option>
      ))}
    </select>
  );
}
