import { ActionIcon, Avatar, Button, Group, Menu, Select, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconUserPlus } from '@tabler/icons-react';
import { Confirm } from '~/components/Confirm';
import { DataTable } from '~/components/DataTable';
import { onOpening } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered } from '~/components/states';
import { Time } from '~/components/Time';
import type { InvitationView, MemberView } from '~/generated/api';
import { $api } from '~/lib/client';
import { tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { useAccount, useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useMembers } from '../api/useMembers';
import { useRoleNames } from '../api/useRoleNames';

const Invite = onOpening(() => import('../components/Invite').then((file) => file.Invite));

const t = strings.settings.members;

export function MembersPage() {
  const members = useMembers();
  const may = useCan('members:write');
  const [inviting, invite] = useDisclosure();
  return (
    <Page
      title={strings.settings.parts.members}
      text={t.text}
      actions={
        may && (
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={invite.open}>
            {t.invite}
          </Button>
        )
      }
    >
      <Answered query={members}>
        {(rows) => (
          <DataTable<MemberView>
            label={strings.settings.parts.members}
            rows={rows}
            keyOf={(row) => row.user_id}
            more={members.more}
            columns={[
              {
                id: 'name',
                title: strings.common.name,
                cell: (row) => (
                  <Group gap="sm" wrap="nowrap">
                    <Avatar name={row.name} size={28} color="violet" aria-hidden />
                    <div>
                      <Text>{row.name}</Text>
                      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                        {row.email}
                      </Text>
                    </div>
                  </Group>
                ),
              },
              { id: 'role', title: t.role, cell: (row) => <RoleOf member={row} /> },
              { id: 'status', title: strings.common.status, secondary: true, cell: (row) => <StatusBadge status={row.status} /> },
              { id: 'login', title: t.lastLogin, secondary: true, cell: (row) => <Time at={row.last_login_at} /> },
              { id: 'actions', title: strings.common.actions, align: 'right', cell: (row) => <MemberMenu member={row} /> },
            ]}
          />
        )}
      </Answered>
      {may && <Invitations />}
      <Invite opened={inviting} onClose={invite.close} />
    </Page>
  );
}

function RoleOf({ member }: { member: MemberView }) {
  const roles = useRoleNames();
  const { user } = useAccount();
  const may = useCan('members:write');
  const change = $api.useMutation('patch', '/v1/members/{user_id}', { onSuccess: () => refresh('/v1/members'), onError: tellProblem });
  if (!may || member.user_id === user.id) {
    return <Text>{member.role}</Text>;
  }
  return (
    <Select
      size="xs"
      w={120}
      data={roles}
      value={member.role}
      allowDeselect={false}
      disabled={change.isPending}
      aria-label={t.roleOf(member.name)}
      onChange={(role) => role && change.mutate({ params: { path: { user_id: member.user_id } }, body: { role } })}
    />
  );
}

function MemberMenu({ member }: { member: MemberView }) {
  const { user } = useAccount();
  const may = useCan('members:write');
  const [removing, removal] = useDisclosure();
  const change = $api.useMutation('patch', '/v1/members/{user_id}', { onSuccess: () => refresh('/v1/members'), onError: tellProblem });
  const remove = $api.useMutation('delete', '/v1/members/{user_id}', {
    onSuccess: () => {
      removal.close();
      return refresh('/v1/members');
    },
    onError: tellProblem,
  });
  if (!may || member.user_id === user.id) {
    return null;
  }
  const path = { user_id: member.user_id };
  const suspended = member.status === 'suspended';
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t.menu(member.name)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => change.mutate({ params: { path }, body: { status: suspended ? 'active' : 'suspended' } })}>
            {suspended ? t.reinstate : t.suspend}
          </Menu.Item>
          <Menu.Item c="var(--mantine-color-error)" onClick={removal.open}>
            {t.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={removing}
        title={t.remove}
        text={t.removeText(member.name)}
        action={strings.common.remove}
        busy={remove.isPending}
        onClose={removal.close}
        onConfirm={() => remove.mutate({ params: { path } })}
      />
    </>
  );
}

function Invitations() {
  const list = $api.useQuery('get', '/v1/invitations', { params: { query: { limit: 100 } } });
  const withdraw = $api.useMutation('delete', '/v1/invitations/{id}', { onSuccess: () => refresh('/v1/invitations'), onError: tellProblem });
  return (
    <Stack component="section" gap="xs">
      <Title order={2}>{t.invited}</Title>
      <Answered query={list} lines={2}>
        {({ items }) => {
          const open = items.filter((invitation) => invitation.status === 'pending');
          return open.length === 0 ? (
            <Text c="dimmed">{t.noneInvited}</Text>
          ) : (
            <DataTable<InvitationView>
              label={t.invited}
              rows={open}
              keyOf={(row) => row.id}
              columns={[
                { id: 'email', title: t.email, cell: (row) => row.email },
                { id: 'role', title: t.role, cell: (row) => row.role },
                { id: 'expires', title: t.expires, secondary: true, cell: (row) => <Time at={row.expires_at} /> },
                {
                  id: 'actions',
                  title: strings.common.actions,
                  align: 'right',
                  cell: (row) => (
                    <Button variant="default" size="compact-sm" onClick={() => withdraw.mutate({ params: { path: { id: row.id } } })}>
                      {t.withdraw}
                    </Button>
                  ),
                },
              ]}
            />
          );
        }}
      </Answered>
    </Stack>
  );
}
