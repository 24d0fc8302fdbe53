import { Button, Center, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { strings } from '~/lib/strings';
import classes from './DataTable.module.css';

export interface Column<T> {
  id: string;
  title: string;
  cell: (row: T) => ReactNode;
  /** Left out where the screen is narrow. */
  secondary?: boolean;
  align?: 'right';
}

interface DataTableProps<T> {
  label: string;
  rows: T[];
  columns: Column<T>[];
  keyOf: (row: T) => string;
  /** More rows are on the server. */
  more?: { load: () => void; busy: boolean } | null;
}

/** Rows as a table that scrolls sideways within itself, never the page. The server sorts and filters: the table only shows. */
export function DataTable<T>({ label, rows, columns, keyOf, more }: DataTableProps<T>) {
  const lookOf = ({ secondary, align }: Column<T>) => ({ className: secondary ? classes.secondary : undefined, ta: align });
  return (
    <>
      <Table.ScrollContainer minWidth={320} type="native" tabIndex={0} role="region" aria-label={label}>
        <Table className={classes.table} highlightOnHover verticalSpacing={7} aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column.id} {...lookOf(column)}>
                  {column.title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={keyOf(row)}>
                {columns.map((column) => (
                  <Table.Td key={column.id} {...lookOf(column)}>
                    {column.cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {more && (
        <Center py="sm">
          <Button variant="default" onClick={more.load} loading={more.busy}>
            {strings.common.more}
          </Button>
        </Center>
      )}
    </>
  );
}
