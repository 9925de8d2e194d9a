export class Health {
  /** @example ok */
  readonly status!: string;
}
