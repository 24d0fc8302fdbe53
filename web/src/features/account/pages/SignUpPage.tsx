import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useState } from 'react';
import { TextLink } from '~/components/LinkButton';
import { $api } from '~/lib/client';
import { slugOf } from '~/lib/format';
import { showFaults } from '~/lib/problem';
import { strings } from '~/lib/strings';
import { useEntrance } from '../components/useEntrance';

const t = strings.account;

export function SignUpPage() {
  const go = useEntrance();
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: { email: '', password: '', name: '', tenant: { name: '', slug: '' } } });
  const signUp = $api.useMutation('post', '/v1/signup', {
    onSuccess: go,
    onError: (error) => setProblem(showFaults(form, error, ['email', 'password', 'name', 'tenant.name', 'tenant.slug'])),
  });
  useEffect(() => {
    document.title = `${t.signUpTitle} · ${strings.common.product}`;
  }, []);
  return (
    <form
      onSubmit={form.onSubmit((body) => {
        setProblem(null);
        signUp.mutate({ body });
      })}
    >
      <Stack>
        <div>
          <Title order={1}>{t.signUpTitle}</Title>
          <Text c="dimmed">{t.signUpText}</Text>
        </div>
        {problem && (
          <Alert color="red" variant="outline" role="alert">
            {problem}
          </Alert>
        )}
        <TextInput label={t.name} autoComplete="name" required autoFocus {...form.getInputProps('name')} />
        <TextInput label={t.email} type="email" autoComplete="username" required {...form.getInputProps('email')} />
        <PasswordInput label={t.password} description={t.passwordHint} autoComplete="new-password" required {...form.getInputProps('password')} />
        <TextInput
          label={t.tenantName}
          description={t.tenantNameHint}
          autoComplete="organization"
          required
          {...form.getInputProps('tenant.name')}
          onChange={(event) => {
            const name = event.currentTarget.value;
            if (form.values.tenant.slug === slugOf(form.values.tenant.name)) {
              form.setFieldValue('tenant.slug', slugOf(name));
            }
            form.setFieldValue('tenant.name', name);
          }}
        />
        <TextInput label={t.tenantSlug} description={t.tenantSlugHint} required {...form.getInputProps('tenant.slug')} />
        <Button type="submit" loading={signUp.isPending}>
          {t.signUp}
        </Button>
        <Text ta="center" c="dimmed">
          {t.haveAccount}{' '}
          <TextLink to="/login" underline="always">
            {t.signIn}
          </TextLink>
        </Text>
      </Stack>
    </form>
  );
}
