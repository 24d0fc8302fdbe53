import { Button, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconLogout, IconUser } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { $api } from '~/lib/client';
import { tellProblem } from '~/lib/notify';
import { enter, leave, useAccount } from '~/lib/session';
import { strings } from '~/lib/strings';
import classes from './Shell.module.css';

const initialsOf = (name: string) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase() ?? '')
    .join('');

export function TenantMenu() {
  const account = useAccount();
  const navigate = useNavigate();
  const change = $api.useMutation('post', '/v1/me/tenant', {
    onSuccess: (entered) => {
      enter(entered);
      void navigate({ to: '/' });
    },
    onError: tellProblem,
  });
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          rightSection={<IconChevronDown size={14} aria-hidden />}
          loading={change.isPending}
          maw={220}
        >
          <Text truncate fw={600}>
            {account.tenant?.name ?? strings.common.product}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{strings.shell.tenants}</Menu.Label>
        {account.tenants.map((tenant) => (
          <Menu.Item key={tenant.id} disabled={tenant.id === account.tenant?.id} onClick={() => change.mutate({ body: { slug: tenant.slug } })}>
            {tenant.name}
            <Text size="xs" c="dimmed">
              {tenant.slug} · {tenant.role}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function AccountMenu() {
  const { user } = useAccount();
  const navigate = useNavigate();
  const signOut = $api.useMutation('post', '/v1/logout', {
    // First away from the pages that need somebody, then nobody is there.
    onSettled: () => void navigate({ to: '/login' }).then(leave),
  });
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <UnstyledButton aria-label={`${strings.shell.account}: ${user.name}`}>
          <span className={classes.me} data-initials={initialsOf(user.name)} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconUser size={16} aria-hidden />}>
          {strings.shell.account}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate({})}>
          {strings.shell.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
