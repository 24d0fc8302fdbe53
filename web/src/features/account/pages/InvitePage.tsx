import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { TextLink } from '~/components/LinkButton';
import { Answered } from '~/components/states';
import { $api } from '~/lib/client';
import { showFaults } from '~/lib/problem';
import { accountQuery } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useEntrance } from '../components/useEntrance';

const t = strings.account;

export function InvitePage() {
  const { token } = useParams({ from: '/outside/invite/$token' });
  const who = useQuery(accountQuery);
  const go = useEntrance();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: { name: '', password: '' } });
  const accept = $api.useMutation('post', '/v1/invitations/accept', {
    onSuccess: go,
    onError: (error) => setProblem(showFaults(form, error, ['name', 'password'])),
  });
  useEffect(() => {
    document.title = `${t.inviteTitle} · ${strings.common.product}`;
  }, []);
  return (
    <Answered query={who} lines={4}>
      {(account) => (
        <form
          onSubmit={form.onSubmit(({ name, password }) => {
            setProblem(null);
            accept.mutate({ body: account ? { token } : { token, name, password } });
          })}
        >
          <Stack>
            <Title order={1}>{t.inviteTitle}</Title>
            <Text c="dimmed">{account ? t.inviteAs(account.user.email) : t.inviteNew}</Text>
            {problem && (
              <Alert color="red" variant="outline" role="alert">
                {problem}
              </Alert>
            )}
            {!account && (
              <>
                <TextInput label={t.name} autoComplete="name" required {...form.getInputProps('name')} />
                <PasswordInput label={t.password} description={t.passwordHint} autoComplete="new-password" required {...form.getInputProps('password')} />
              </>
            )}
            <Button type="submit" loading={accept.isPending}>
              {t.join}
            </Button>
            {!account && (
              <Text ta="center" c="dimmed">
                {t.haveAccount}{' '}
                <TextLink to="/login" search={{ next: `/invite/${token}` }} underline="always">
                  {t.signIn}
                </TextLink>
              </Text>
            )}
          </Stack>
        </form>
      )}
    </Answered>
  );
}
