import {
  type CreateTableNode,
  type DataTypeNode,
  IdentifierNode,
  InsertQueryNode,
  type Kysely,
  MysqlAdapter,
  MysqlDialect,
  MysqlQueryCompiler,
  type OnConflictNode,
  type OperatorNode,
  type QueryCompiler,
  type ReferenceNode,
  TableNode,
} from 'kysely';

/**
 * Names and ids compare byte by byte, blanks at the end included, as in the other stores. MySQL and MariaDB have a
 * collation each for that; each takes the comment of the other for one.
 */
const TABLE_OPTIONS =
  ' engine = InnoDB character set utf8mb4 /*!80017 collate utf8mb4_0900_bin */ /*M! collate utf8mb4_nopad_bin */';

/** MySQL and MariaDB, for repositories and migrations that are written for SQLite and PostgreSQL. */
export class PortableMysqlDialect extends MysqlDialect {
  override createQueryCompiler(): QueryCompiler {
    return new PortableMysqlCompiler();
  }
}

class PortableMysqlCompiler extends MysqlQueryCompiler {
  protected override visitCreateTable(node: CreateTableNode): void {
    super.visitCreateTable(node);
    this.append(TABLE_OPTIONS);
  }

  /** MySQL's own `text` ends at 64 kB. */
  protected override visitDataType(node: DataTypeNode): void {
    this.append(node.dataType === 'text' ? 'longtext' : node.dataType);
  }

  /** Any unique key counts here, whichever column `on conflict` names: a table for it must have one only. */
  protected override visitOnConflict({ updates, updateWhere }: OnConflictNode): void {
    if (updateWhere) {
      throw new Error('MySQL has no condition on the update of `on conflict`.');
    }
    this.append('on duplicate key update ');
    if (updates) {
      this.compileList(updates);
    } else {
      this.setFirstColumnToItself();
    }
  }

  /** Not `insert ignore`: that would cut values which are too long, and say nothing. */
  private setFirstColumnToItself(): void {
    const insert = this.parentNode;
    const column = insert && InsertQueryNode.is(insert) ? insert.columns?.[0] : undefined;
    if (!column) {
      throw new Error('`on conflict do nothing` needs the columns of an insert.');
    }
    this.visitNode(column);
    this.append(' = ');
    this.visitNode(column);
  }

  /** `excluded.column`: the value that was to be inserted. */
  protected override visitReference(node: ReferenceNode): void {
    if (node.table && TableNode.is(node.table) && nameOf(node.table) === 'excluded') {
      this.append('values(');
      this.visitNode(node.column);
      this.append(')');
    } else {
      super.visitReference(node);
    }
  }

  /** All numbers here are integers, and so is what a division gives in the other stores. */
  protected override visitOperator(node: OperatorNode): void {
    this.append(node.operator === '/' ? 'div' : node.operator);
  }
}

function nameOf({ table }: TableNode): string {
  return IdentifierNode.is(table.identifier) ? table.identifier.name : '';
}

/** In MySQL the name of an index belongs to its table; the others want no table here. */
export async function dropIndex(db: Kysely<unknown>, table: string, name: string): Promise<void> {
  const query = db.schema.dropIndex(name);
  await (db.getExecutor().adapter instanceof MysqlAdapter ? query.on(table) : query).execute();
}
