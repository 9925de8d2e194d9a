import type { ReactElement } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { AuditPage } from './audit/audit-page.js';
import { BudgetsPage } from './budgets/budgets-page.js';
import { CachePage } from './cache/cache-page.js';
import { CallPage } from './calls/call-page.js';
import { CallsPage } from './calls/calls-page.js';
import { ExplorePage } from './explore/explore-page.js';
import { OverviewPage } from './overview/overview-page.js';
import { PlaygroundPage } from './playground/playground-page.js';
import { PricesPage } from './prices/prices-page.js';
import { ProjectPage } from './projects/project-page.js';
import { ProjectsPage } from './projects/projects-page.js';
import { RoutingPage } from './routing/routing-page.js';
import { LogIn } from './session/log-in.js';
import { SessionContext, useSessionState } from './session/session.js';
import { Shell } from './shell/shell.js';
import { VendorsPage } from './vendors/vendors-page.js';
import { VoicePage } from './voice/voice-page.js';

export function App(): ReactElement {
  const session = useSessionState();
  if (session.state === 'unknown') {
    return <p className="waiting">Loading …</p>;
  }
  if (session.state === 'out') {
    return <LogIn session={session} />;
  }
  return (
    <SessionContext value={session}>
      <Shell who={session.who}>
        <Switch>
          <Route path="/" component={OverviewPage} />
          <Route path="/explore" component={ExplorePage} />
          <Route path="/calls" component={CallsPage} />
          <Route path="/calls/:id">{({ id }) => <CallPage key={id} id={id} />}</Route>
          <Route path="/voice" component={VoicePage} />
          <Route path="/projects" component={ProjectsPage} />
          <Route path="/projects/:id">{({ id }) => <ProjectPage key={id} id={id} />}</Route>
          <Route path="/budgets" component={BudgetsPage} />
          <Route path="/playground" component={PlaygroundPage} />
          <Route path="/vendors" component={VendorsPage} />
          <Route path="/routing" component={RoutingPage} />
          <Route path="/prices" component={PricesPage} />
          <Route path="/cache" component={CachePage} />
          <Route path="/audit" component={AuditPage} />
          <Route>
            <Redirect to="/" replace />
          </Route>
        </Switch>
      </Shell>
    </SessionContext>
  );
}
