import { IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import { Project, PROJECT_OPTIONS } from '../domain/project.entity.js';

/** A field that may be left out may still not be null, unless null means something. */
const LEFT_OUT_NOT_NULL = { skipNullProperties: false };

export class CreateProject extends IntersectionType(
  PickType(Project, ['name']),
  PartialType(PickType(Project, PROJECT_OPTIONS), LEFT_OUT_NOT_NULL),
) {}

export class UpdateProject extends PartialType(
  PickType(Project, ['name', ...PROJECT_OPTIONS]),
  LEFT_OUT_NOT_NULL,
) {}

export class ProjectPage {
  /** Oldest first. */
  readonly data!: Project[];
  /**
   * Pass it as `after` to get the next page; null on the last one.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly next!: string | null;
}
