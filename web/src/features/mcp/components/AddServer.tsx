import { Alert, Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { $api } from '~/lib/client';
import { slugOf } from '~/lib/format';
import { tellDone } from '~/lib/notify';
import { showFaults } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';

const t = strings.mcp;
const fields = ['name', 'slug', 'transport', 'url', 'catalogue', 'description'];

export function AddServer({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [problem, setProblem] = useState<string | null>(null);
  const catalogue = $api.useQuery('get', '/v1/mcp-catalogue');
  const form = useForm({ initialValues: { name: '', slug: '', transport: 'http', url: '', catalogue: null as string | null, description: '' } });
  const isProcess = form.values.transport === 'stdio';
  const add = $api.useMutation('post', '/v1/mcp-servers', {
    onSuccess: ({ slug }) => {
      tellDone(t.made);
      void refresh('/v1/mcp-servers');
      void navigate({ to: '/mcp-servers/$server', params: { server: slug } });
    },
    onError: (error) => setProblem(showFaults(form, error, fields)),
  });
  return (
    <Modal opened onClose={onClose} title={t.create}>
      <form
        onSubmit={form.onSubmit(({ name, slug, transport, url, catalogue: entry, description }) => {
          setProblem(null);
          add.mutate({ body: { name, slug, transport, description: description || null, url: isProcess ? null : url, catalogue: isProcess ? entry : null } });
        })}
      >
        <Stack>
          {problem && (
            <Alert color="red" variant="outline" role="alert">
              {problem}
            </Alert>
          )}
          <TextInput
            label={t.name}
            required
            data-autofocus
            {...form.getInputProps('name')}
            onChange={(event) => form.setValues({ name: event.currentTarget.value, slug: slugOf(event.currentTarget.value) })}
          />
          <TextInput label={t.slug} required {...form.getInputProps('slug')} />
          <Select
            label={t.transport}
            allowDeselect={false}
            data={Object.entries(t.transports).map(([value, label]) => ({ value, label }))}
            {...form.getInputProps('transport')}
          />
          {isProcess ? (
            <Select
              label={t.catalogue}
              required
              description={catalogue.data?.items.length === 0 ? t.catalogueEmpty : undefined}
              data={catalogue.data?.items.map((entry) => ({ value: entry.name, label: entry.title })) ?? []}
              {...form.getInputProps('catalogue')}
            />
          ) : (
            <TextInput label={t.url} type="url" required placeholder="https://mcp.example.com/mcp" {...form.getInputProps('url')} />
          )}
          <TextInput label={t.description} {...form.getInputProps('description')} />
          <Group justify="flex-end">
            <Button type="submit" loading={add.isPending}>
              {t.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
