import { Alert, Button, Group, Modal, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { CodeEditor } from '~/components/CodeEditor';
import { Failed } from '~/components/states';
import type { CreatedTrigger, TriggerRequest } from '~/generated/api';
import { $api } from '~/lib/client';
import { showFaults } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';
import { CronSentence } from './CronSentence';
import { Times } from './NextTimes';

const t = strings.triggers;
const zones = Intl.supportedValuesOf('timeZone');

const choices = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }));

interface FormProps {
  agent: string;
  onMade: (trigger: CreatedTrigger) => void;
  onClose: () => void;
}

const fields = ['name', 'cron', 'time_zone', 'path', 'secret', 'topic', 'concurrency'];

export function TriggerForm({ agent, onMade, onClose }: FormProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({
    initialValues: {
      name: '',
      kind: 'schedule',
      cron: '0 9 * * 1-5',
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
      misfire: 'once',
      path: '',
      signature: 'standard',
      secret: '',
      topic: '',
      input: '',
      concurrency: 'allow',
    },
  });
  const create = $api.useMutation('post', '/v1/agents/{agent}/triggers', {
    onSuccess: (made) => {
      void refresh('/v1/agents/{agent}/triggers');
      onMade(made);
    },
    onError: (error) => setProblem(showFaults(form, error, fields)),
  });
  const { kind, signature } = form.values;
  const submit = (values: typeof form.values) => {
    setProblem(null);
    let input: unknown;
    try {
      input = values.input.trim() === '' ? undefined : JSON.parse(values.input);
    } catch {
      form.setFieldError('input', t.badJson);
      return;
    }
    const body: TriggerRequest = {
      name: values.name,
      kind,
      ...(input === undefined ? {} : { input }),
      ...(values.concurrency === 'allow' ? {} : { concurrency: values.concurrency }),
      ...(kind === 'schedule' ? { cron: values.cron, time_zone: values.time_zone, misfire: values.misfire } : {}),
      ...(kind === 'webhook'
        ? { signature, ...(values.path ? { path: values.path } : {}), ...(values.secret && signature !== 'none' ? { secret: values.secret } : {}) }
        : {}),
      ...(kind === 'event' ? { topic: values.topic } : {}),
    };
    create.mutate({ params: { path: { agent } }, body });
  };
  return (
    <Modal opened onClose={onClose} title={t.create} size="lg">
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          <SegmentedControl
            aria-label={t.kind}
            value={kind}
            onChange={(next) => form.setFieldValue('kind', next)}
            data={choices(t.kinds).filter((choice) => choice.value !== 'manual')}
          />
          {problem && (
            <Alert color="red" variant="outline" role="alert">
              {problem}
            </Alert>
          )}
          <TextInput label={t.name} required data-autofocus {...form.getInputProps('name')} />
          {kind === 'schedule' && (
            <>
              <TextInput label={t.cron} description={t.cronHint} required ff="monospace" {...form.getInputProps('cron')} />
              <Select
                label={t.timeZone}
                data={zones.includes('UTC') ? zones : ['UTC', ...zones]}
                searchable
                limit={60}
                allowDeselect={false}
                {...form.getInputProps('time_zone')}
              />
              <Preview cron={form.values.cron} zone={form.values.time_zone} />
              <Select label={t.misfire} data={choices(t.misfires)} allowDeselect={false} {...form.getInputProps('misfire')} />
            </>
          )}
          {kind === 'webhook' && (
            <>
              <Select label={t.signature} data={choices(t.signatures)} allowDeselect={false} {...form.getInputProps('signature')} />
              {signature !== 'none' && <TextInput label={t.path} description={t.pathHint} {...form.getInputProps('path')} />}
              {signature !== 'none' && <TextInput label={t.secretIn} description={t.secretInHint} autoComplete="off" {...form.getInputProps('secret')} />}
            </>
          )}
          {kind === 'event' && <TextInput label={t.topic} description={t.topicHint} required {...form.getInputProps('topic')} />}
          <Select label={t.concurrency} data={choices(t.concurrencies)} allowDeselect={false} {...form.getInputProps('concurrency')} />
          {kind !== 'webhook' && (
            <CodeEditor
              label={t.input}
              description={t.inputHint}
              language="json"
              height="100px"
              value={form.values.input}
              onChange={(text) => form.setFieldValue('input', text)}
              error={form.errors.input as string | undefined}
            />
          )}
          <Group justify="flex-end">
            <Button type="submit" loading={create.isPending}>
              {t.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Preview({ cron, zone }: { cron: string; zone: string }) {
  const [asked] = useDebouncedValue({ cron, zone }, 300);
  const preview = $api.useQuery(
    'post',
    '/v1/cron/preview',
    { body: { cron: asked.cron, time_zone: asked.zone, count: 10 } },
    { retry: false, placeholderData: keepPreviousData, enabled: asked.cron.trim() !== '' },
  );
  if (preview.isError) {
    return <Failed error={preview.error} />;
  }
  return (
    <div aria-live="polite">
      <CronSentence cron={cron} told={preview.data?.sentence} />
      <Text size="sm" c="dimmed">
        {t.nextTen}
      </Text>
      {preview.data && <Times at={preview.data.items} />}
    </div>
  );
}
