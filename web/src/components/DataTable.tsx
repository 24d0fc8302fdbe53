import { Button, Center, Table } from '@mantine/core';
import { type ColumnDef, flexRender, getCoreRowModel, useReactTable } from '@tanstack/react-table';
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

/** Rows as a table that scrolls sideways within itself, never the page. */
export function DataTable<T>({ label, rows, columns, keyOf, more }: DataTableProps<T>) {
  const table = useReactTable<T>({
    data: rows,
    columns: columns.map((column): ColumnDef<T> => ({ id: column.id, header: column.title, cell: ({ row }) => column.cell(row.original), meta: column })),
    getCoreRowModel: getCoreRowModel(),
    getRowId: keyOf,
  });
  const lookOf = (id: string) => columns.find((column) => column.id === id);
  return (
    <>
      <Table.ScrollContainer minWidth={320} type="native" tabIndex={0} role="region" aria-label={label}>
        <Table className={classes.table} highlightOnHover verticalSpacing={7} aria-label={label}>
          <Table.Thead>
            {table.getHeaderGroups().map((group) => (
              <Table.Tr key={group.id}>
                {group.headers.map((header) => (
                  <Table.Th
                    key={header.id}
                    className={lookOf(header.column.id)?.secondary ? classes.secondary : undefined}
                    ta={lookOf(header.column.id)?.align}
                  >
                    {flexRender(header.column.columnDef.header, header.getContext())}
                  </Table.Th>
                ))}
              </Table.Tr>
            ))}
          </Table.Thead>
          <Table.Tbody>
            {table.getRowModel().rows.map((row) => (
              <Table.Tr key={row.id}>
                {row.getVisibleCells().map((cell) => (
                  <Table.Td key={cell.id} className={lookOf(cell.column.id)?.secondary ? classes.secondary : undefined} ta={lookOf(cell.column.id)?.align}>
                    {flexRender(cell.column.columnDef.cell, cell.getContext())}
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
