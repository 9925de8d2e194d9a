/** A key to the management API, as stored. */
export interface AdminKey {
  readonly id: string;
  readonly name: string;
  readonly masked: string;
  readonly createdAt: string;
}
