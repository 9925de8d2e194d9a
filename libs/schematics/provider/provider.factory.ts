import {
  apply,
  applyTemplates,
  chain,
  mergeWith,
  move,
  type Rule,
  SchematicsException,
  type Tree,
  url,
} from '@angular-devkit/schematics';
import { addToCatalog } from './catalog-edit.ts';
import { vendorNames } from './vendor-names.ts';

const FOLDER = 'libs/providers/src/catalog';
const CATALOG = `${FOLDER}/catalog.ts`;

/** `nest g provider NAME [BASE_URL]`: a vendor's file, its spec and its line in the catalog. */
export function provider({ name, path }: { name: string; path?: string }): Rule {
  const names = vendorNames(name);
  // `.example` can never be a vendor: the catalog's spec refuses it until the true address stands there.
  const baseUrl = (path ?? `https://api.${names.id}.example/v1`).replace(/\/+$/, '');
  return chain([
    enterInCatalog,
    mergeWith(apply(url('./files'), [applyTemplates({ ...names, baseUrl }), move(FOLDER)])),
  ]);

  function enterInCatalog(tree: Tree): void {
    if (!tree.exists(CATALOG)) {
      throw new SchematicsException(`${CATALOG} is missing: run this in the root of the repository.`);
    }
    tree.overwrite(CATALOG, addToCatalog(tree.readText(CATALOG), names));
  }
}
