import { Alert, Badge, Button, Card, Group, PasswordInput, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Page } from '~/components/Page';
import { $api } from '~/lib/client';
import { tellDone, tellProblem } from '~/lib/notify';
import { showFaults } from '~/lib/problem';
import { queryClient } from '~/lib/queries';
import { accountQuery, enter, useAccount } from '~/lib/session';
import { strings } from '~/lib/strings';
import { Sessions } from '../components/Sessions';

const t = strings.account;

export function AccountPage() {
  return (
    <Page title={strings.shell.account}>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Profile />
        <Password />
        <Tenants />
        <Sessions />
      </SimpleGrid>
    </Page>
  );
}

function Profile() {
  const { user } = useAccount();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: { name: user.name, username: user.username ?? '' } });
  const save = $api.useMutation('patch', '/v1/me', {
    onSuccess: (account) => {
      queryClient.setQueryData(accountQuery.queryKey, account);
      form.resetDirty();
      tellDone(strings.common.saved);
    },
    onError: (error) => setProblem(showFaults(form, error, ['name', 'username'])),
  });
  return (
    <Card withBorder component="section">
      <form
        onSubmit={form.onSubmit(({ name, username }) => {
          setProblem(null);
          save.mutate({ body: { name, username: username || null } });
        })}
      >
        <Stack>
          <Title order={2}>{t.profile}</Title>
          {problem && (
            <Alert color="red" variant="outline" role="alert">
              {problem}
            </Alert>
          )}
          <TextInput label={t.name} autoComplete="name" required {...form.getInputProps('name')} />
          <TextInput label={t.username} description={t.usernameHint} autoComplete="off" {...form.getInputProps('username')} />
          <TextInput label={t.email} value={user.email} readOnly />
          <Group justify="flex-end">
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {strings.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

function Password() {
  const { user } = useAccount();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: { current_password: '', new_password: '' } });
  const change = $api.useMutation('post', '/v1/me/password', {
    onSuccess: () => {
      form.reset();
      tellDone(t.passwordChanged);
    },
    onError: (error) => setProblem(showFaults(form, error, ['current_password', 'new_password'])),
  });
  return (
    <Card withBorder component="section">
      <form
        onSubmit={form.onSubmit((body) => {
          setProblem(null);
          change.mutate({ body });
        })}
      >
        <Stack>
          <Title order={2}>{t.changePassword}</Title>
          <Text c="dimmed">{t.passwordEnds}</Text>
          {problem && (
            <Alert color="red" variant="outline" role="alert">
              {problem}
            </Alert>
          )}
          <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
          <PasswordInput label={t.currentPassword} autoComplete="current-password" required {...form.getInputProps('current_password')} />
          <PasswordInput label={t.newPassword} description={t.passwordHint} autoComplete="new-password" required {...form.getInputProps('new_password')} />
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending}>
              {t.changePassword}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

function Tenants() {
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
    <Card withBorder component="section">
      <Stack>
        <Title order={2}>{t.tenants}</Title>
        {account.tenants.map((tenant) => (
          <Group key={tenant.id} justify="space-between">
            <div>
              <Text fw={500}>{tenant.name}</Text>
              <Text size="sm" c="dimmed">
                {tenant.slug} · {tenant.role}
              </Text>
            </div>
            {tenant.id === account.tenant?.id ? (
              <Badge variant="default">{t.current}</Badge>
            ) : (
              <Button variant="default" size="xs" loading={change.isPending} onClick={() => change.mutate({ body: { slug: tenant.slug } })}>
                {t.open} {tenant.name}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
