import { Table, Text } from '@mantine/core';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import { Page } from '~/components/Page';
import { Answered } from '~/components/states';
import { $api } from '~/lib/client';
import { covers } from '~/lib/session';
import { strings } from '~/lib/strings';

const t = strings.settings.roles;

export function RolesPage() {
  const roles = $api.useQuery('get', '/v1/roles');
  return (
    <Page title={strings.settings.parts.roles} text={t.text}>
      <Answered query={roles} lines={12}>
        {({ items, permissions }) => (
          <Table.ScrollContainer minWidth={560} type="native" tabIndex={0} role="region" aria-label={strings.settings.parts.roles}>
            <Table highlightOnHover verticalSpacing={6} aria-label={strings.settings.parts.roles}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t.permission}</Table.Th>
                  {items.map((role) => (
                    <Table.Th key={role.name} ta="center">
                      {role.name}
                      <Text size="xs" c="dimmed" fw={400} maw={160} mx="auto">
                        {role.description}
                      </Text>
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {permissions.map((permission) => (
                  <Table.Tr key={permission.name}>
                    <Table.Th scope="row" fw={400}>
                      {permission.description}
                      <Text size="xs" c="dimmed" ff="monospace">
                        {permission.name}
                      </Text>
                    </Table.Th>
                    {items.map((role) => (
                      <Table.Td key={role.name} ta="center">
                        {covers(role.permissions, permission.name) ? (
                          <IconCheck size={16} role="img" aria-label={t.allowed} />
                        ) : (
                          <IconMinus size={16} role="img" aria-label={t.notAllowed} opacity={0.4} />
                        )}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Answered>
    </Page>
  );
}
