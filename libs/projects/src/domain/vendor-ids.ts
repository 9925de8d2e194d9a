/** Port: the vendors that this gateway knows, those of its configuration among them. The composition root binds it. */
export abstract class VendorIds {
  abstract readonly all: readonly string[];
}
