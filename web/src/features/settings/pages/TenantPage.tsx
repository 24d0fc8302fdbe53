import { Alert, Button, Card, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { Page } from '~/components/Page';
import { Answered } from '~/components/states';
import type { TenantView } from '~/generated/api';
import { $api } from '~/lib/client';
import { tellDone } from '~/lib/notify';
import { showFaults } from '~/lib/problem';
import { queryClient, refresh } from '~/lib/queries';
import { accountQuery, useCan } from '~/lib/session';
import { strings } from '~/lib/strings';

const t = strings.settings.tenant;

export function TenantPage() {
  const tenant = $api.useQuery('get', '/v1/tenant');
  return (
    <Page title={strings.settings.parts.tenant} text={t.text}>
      <Answered query={tenant}>{(found) => <TenantForm key={found.updated_at} tenant={found} />}</Answered>
    </Page>
  );
}

function TenantForm({ tenant }: { tenant: TenantView }) {
  const may = useCan('tenant:write');
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({
    initialValues: {
      name: tenant.name,
      description: tenant.description ?? '',
      contact_name: tenant.contact_name ?? '',
      contact_email: tenant.contact_email ?? '',
    },
  });
  const save = $api.useMutation('patch', '/v1/tenant', {
    onSuccess: async () => {
      tellDone(strings.common.saved);
      await Promise.all([refresh('/v1/tenant'), queryClient.invalidateQueries({ queryKey: accountQuery.queryKey })]);
    },
    onError: (error) => setProblem(showFaults(form, error, ['name', 'description', 'contact_name', 'contact_email'])),
  });
  return (
    <Card withBorder maw={560}>
      <form
        onSubmit={form.onSubmit(({ name, description, contact_name, contact_email }) => {
          setProblem(null);
          save.mutate({ body: { name, description: description || null, contact_name: contact_name || null, contact_email: contact_email || null } });
        })}
      >
        <Stack>
          {problem && (
            <Alert color="red" variant="outline" role="alert">
              {problem}
            </Alert>
          )}
          <TextInput label={t.name} required readOnly={!may} {...form.getInputProps('name')} />
          <TextInput label={t.slug} description={t.slugHint} value={tenant.slug} readOnly />
          <TextInput label={t.plan} value={tenant.plan} readOnly />
          <Textarea label={t.description} autosize minRows={2} readOnly={!may} {...form.getInputProps('description')} />
          <TextInput label={t.contactName} readOnly={!may} {...form.getInputProps('contact_name')} />
          <TextInput label={t.contactEmail} type="email" readOnly={!may} {...form.getInputProps('contact_email')} />
          {may && (
            <Group justify="flex-end">
              <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
                {strings.common.save}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Card>
  );
}
