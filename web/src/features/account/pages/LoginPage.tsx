import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { TextLink } from '~/components/LinkButton';
import { $api } from '~/lib/client';
import { showFaults } from '~/lib/problem';
import { strings } from '~/lib/strings';
import { useEntrance } from '../components/useEntrance';

const t = strings.account;

export function LoginPage() {
  const { next } = useSearch({ from: '/outside/login' });
  const go = useEntrance(next);
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: { email: '', password: '' } });
  const login = $api.useMutation('post', '/v1/login', { onSuccess: go, onError: (error) => setProblem(showFaults(form, error, ['email', 'password'])) });
  useEffect(() => {
    document.title = `${t.loginTitle} · ${strings.common.product}`;
  }, []);
  return (
    <form
      onSubmit={form.onSubmit((body) => {
        setProblem(null);
        login.mutate({ body });
      })}
    >
      <Stack>
        <Title order={1}>{t.loginTitle}</Title>
        {problem && (
          <Alert color="red" variant="outline" role="alert">
            {problem}
          </Alert>
        )}
        <TextInput label={t.email} type="email" autoComplete="username" required autoFocus {...form.getInputProps('email')} />
        <PasswordInput label={t.password} autoComplete="current-password" required {...form.getInputProps('password')} />
        <Button type="submit" loading={login.isPending}>
          {t.signIn}
        </Button>
        <Text ta="center" c="dimmed">
          {t.noAccount}{' '}
          <TextLink to="/signup" underline="always">
            {t.signUpLink}
          </TextLink>
        </Text>
      </Stack>
    </form>
  );
}
