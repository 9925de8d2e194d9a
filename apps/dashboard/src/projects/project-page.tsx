import type { ReactElement } from 'react';
import { Link } from 'wouter';
import type { Project } from '../api/types.js';
import { useAnswer } from '../api/use-answer.js';
import { usePageTitle } from '../shell/page-title.js';
import { BudgetsCard } from './budgets-card.js';
import { KeysCard } from './keys-card.js';
import { LimitsCard } from './limits-card.js';
import { ProjectActions } from './project-actions.js';
import { RetentionCard } from './retention-card.js';
import { statusOf } from './status-of.js';

/** One project: its keys, budgets and limits, and for how long what is kept. */
export function ProjectPage({ id }: { readonly id: string }): ReactElement {
  const path = `/admin/projects/${encodeURIComponent(id)}`;
  const { answer: project, failure, again } = useAnswer<Project>(path);
  usePageTitle(project?.name ?? 'Project');
  return (
    <>
      <p>
        <Link href="/projects">← Projects</Link>
      </p>
      <div className="title">
        <h1>{project?.name ?? 'Project'}</h1>
        {project && (
          <span className="state" data-ok={project.status === 'active' && project.deletesAt === null}>
            {statusOf(project)}
          </span>
        )}
        <code className="hint">{id}</code>
        <Link href={`/explore?by=model&projectId=${encodeURIComponent(id)}`}>Explore</Link>
        <Link href={`/calls?projectId=${encodeURIComponent(id)}`}>Calls</Link>
        {project && <ProjectActions project={project} path={path} onChange={again} />}
      </div>
      <p role="alert" className="failure">
        {failure}
      </p>
      {project && (
        <>
          <KeysCard path={path} />
          <BudgetsCard path={path} />
          <LimitsCard key={JSON.stringify(project)} project={project} path={path} />
          <RetentionCard project={project} path={path} />
        </>
      )}
    </>
  );
}
