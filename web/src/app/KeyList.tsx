import { Kbd, Modal, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { places } from '~/app/places';
import { strings } from '~/lib/strings';

const t = strings.shell;

/** Which keys lead where. */
export function KeyList({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={t.keys}>
      <Table aria-label={t.keys}>
        <Table.Tbody>
          <Row what={t.goAnywhere}>
            <Kbd>Ctrl K</Kbd>
          </Row>
          {places.map(({ to, label, key }) => (
            <Row key={to} what={label}>
              <Kbd>g</Kbd> {t.goThen} <Kbd>{key}</Kbd>
            </Row>
          ))}
          <Row what={t.thisList}>
            <Kbd>?</Kbd>
          </Row>
        </Table.Tbody>
      </Table>
    </Modal>
  );
}

function Row({ what, children }: { what: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Td>{children}</Table.Td>
      <Table.Td>{what}</Table.Td>
    </Table.Tr>
  );
}
