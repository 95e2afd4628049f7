import { type Connection, type Page, toConnection } from '@volna/platform/pagination';
import DataLoader from 'dataloader';

/** One page of one parent's list. Parents that ask for the same page share one statement. */
export interface PageOf<Cursor, Parent = string> {
  readonly parent: Parent;
  readonly page: Page<Cursor>;
}

type ReadPages<Parent, Row, Cursor> = (
  parents: Parent[],
  page: Page<Cursor>,
) => Promise<(Row & { parentId: string })[]>;

const idOf = (parent: string | { readonly id: string }) => (typeof parent === 'string' ? parent : parent.id);

/** Batches pages; `read` gives rows of all parents, each parent's in order. */
export function createPageLoader<Row, Cursor, Parent extends string | { readonly id: string } = string>(
  read: ReadPages<Parent, Row, Cursor>,
  cursorOf: (row: Row, page: Page<Cursor>, at: number) => Cursor,
) {
  const keyOf = ({ page }: PageOf<Cursor, Parent>) => JSON.stringify(page);
  return new DataLoader<PageOf<Cursor, Parent>, Connection<Row>, string>(
    async (wanted) => {
      const found = new Map<string, (Row & { parentId: string })[]>();
      for (const [key, [first, ...rest]] of Map.groupBy(wanted, keyOf)) {
        if (!first) continue;
        // oxlint-disable-next-line no-await-in-loop -- one statement for each kind of page, seldom several
        const rows = await read(
          [first, ...rest].map(({ parent }) => parent),
          first.page,
        );
        for (const [parentId, group] of Map.groupBy(rows, (row) => row.parentId))
          found.set(parentId + key, group);
      }
      return wanted.map((want) => {
        const rows = found.get(idOf(want.parent) + keyOf(want)) ?? [];
        const places = new Map<Row, number>(rows.map((row, at) => [row, at]));
        return toConnection<Row, Cursor>(rows, want.page, (row) =>
          cursorOf(row, want.page, places.get(row) ?? 0),
        );
      });
    },
    { cacheKeyFn: (want) => idOf(want.parent) + keyOf(want) },
  );
}
