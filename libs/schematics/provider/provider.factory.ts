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
import { addDialectId, exportDialect } from './dialect-edit.ts';
import { type VendorNames, vendorNames } from './vendor-names.ts';

const DIALECTS = 'libs/dialects/src';
const FOLDER = 'libs/providers/src/catalog';

interface Options {
  readonly name: string;
  /** Base URL: the Nest CLI hands on no other second argument than one of this name. */
  readonly path?: string;
  /** `own`: a wire format of its own, not OpenAI's. */
  readonly type?: string;
}

/** `nest g provider NAME [BASE_URL] [--type own]`: a vendor's file, its spec and its line in the catalog. */
export function provider({ name, path, type = 'compatible' }: Options): Rule {
  const names = vendorNames(name);
  // `.example` can never be a vendor: the catalog's spec refuses it until the true address stands there.
  const baseUrl = (path ?? `https://api.${names.id}.example/v1`).replace(/\/+$/, '');
  const values = { ...names, baseUrl };
  const inCatalog = edit(`${FOLDER}/catalog.ts`, source => addToCatalog(source, names));
  switch (type) {
    case 'compatible':
      return chain([inCatalog, write('compatible', values, FOLDER)]);
    case 'own':
      return chain([
        inCatalog,
        edit(`${DIALECTS}/domain/part.ts`, source => addDialectId(source, names)),
        edit(`${DIALECTS}/index.ts`, source => exportDialect(source, names)),
        write('own-vendor', values, FOLDER),
        write('own-dialect', values, `${DIALECTS}/${names.id}`),
      ]);
    default:
      throw new SchematicsException(`"${type}" is no type of vendor. Use compatible or own.`);
  }
}

function write(templates: string, values: VendorNames & { readonly baseUrl: string }, folder: string): Rule {
  return mergeWith(apply(url(`./files/${templates}`), [applyTemplates(values), move(folder)]));
}

function edit(file: string, change: (source: string) => string): Rule {
  return (tree: Tree) => {
    if (!tree.exists(file)) {
      throw new SchematicsException(`${file} is missing: run this in the root of the repository.`);
    }
    tree.overwrite(file, change(tree.readText(file)));
  };
}
