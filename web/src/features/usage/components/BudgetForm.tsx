import { Alert, Button, Group, Modal, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { BudgetView } from '~/generated/api';
import { useAgents } from '~/lib/agents';
import { $api } from '~/lib/client';
import { useMembers } from '~/lib/members';
import { tellDone } from '~/lib/notify';
import { showFaults } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';

const t = strings.usage.budgets;
const options = (texts: Record<string, string>) => Object.entries(texts).map(([value, label]) => ({ value, label }));
const fields = ['name', 'scope', 'whose', 'window', 'limit', 'action', 'alert_at_percent'] as const;

/** Whose spending a budget counts stays what it was when it was made. */
export function BudgetForm({ budget, onClose }: { budget?: BudgetView; onClose: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({
    initialValues: {
      name: budget?.name ?? '',
      scope: (budget?.scope ?? 'tenant') as string,
      whose: null as string | null,
      window: budget?.window ?? 'month',
      limit: (budget ? budget.limit_micros / 1_000_000 : 10) as number | string,
      action: budget?.action ?? 'block',
      alert_at_percent: (budget ? (budget.alert_at_percent ?? '') : 80) as number | string,
    },
  });
  const done = {
    onSuccess: () => {
      tellDone(budget ? strings.common.saved : t.made);
      onClose();
      return refresh('/v1/budgets');
    },
    onError: (error: unknown) => setProblem(showFaults(form, renamed(error), fields)),
  };
  const create = $api.useMutation('post', '/v1/budgets', done);
  const change = $api.useMutation('patch', '/v1/budgets/{id}', done);
  const choices = useChoices(form.values.scope);
  const send = form.onSubmit(({ name, scope, whose, window, limit, action, alert_at_percent }) => {
    setProblem(null);
    const common = {
      name,
      window,
      action,
      limit_micros: Math.round(Number(limit) * 1_000_000),
      alert_at_percent: alert_at_percent === '' ? null : Number(alert_at_percent),
    };
    if (budget) {
      change.mutate({ params: { path: { id: budget.id } }, body: common });
    } else if (scope !== 'tenant' && !whose) {
      form.setFieldError('whose', t.pick);
    } else {
      const owner = { agent: { agent: whose }, user: { user_id: whose }, key: { api_key_id: whose } }[scope] ?? {};
      create.mutate({ body: { ...common, scope, ...owner } });
    }
  });
  return (
    <Modal opened onClose={onClose} title={budget ? t.change : t.create}>
      <form onSubmit={send}>
        <Stack>
          {problem && (
            <Alert color="red" variant="outline" role="alert">
              {problem}
            </Alert>
          )}
          <TextInput label={t.name} required data-autofocus {...form.getInputProps('name')} />
          {!budget && (
            <Select
              label={t.scope}
              allowDeselect={false}
              data={options(t.scopes)}
              {...form.getInputProps('scope')}
              onChange={(scope) => form.setValues({ scope: scope ?? 'tenant', whose: null })}
            />
          )}
          {choices && !budget && <Select label={t.whose} required searchable data={choices} {...form.getInputProps('whose')} />}
          <Select label={t.window} allowDeselect={false} data={options(t.windows)} {...form.getInputProps('window')} />
          <NumberInput label={t.limit} description={t.limitHint} required min={0} decimalScale={6} {...form.getInputProps('limit')} />
          <Select label={t.action} allowDeselect={false} data={options(t.actions)} {...form.getInputProps('action')} />
          <NumberInput label={t.alert} description={t.alertHint} min={1} max={100} allowDecimal={false} {...form.getInputProps('alert_at_percent')} />
          <Group justify="flex-end">
            <Button type="submit" loading={create.isPending || change.isPending}>
              {budget ? strings.common.save : t.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function useChoices(scope: string) {
  const agents = useAgents();
  const members = useMembers();
  const keys = $api.useQuery('get', '/v1/api-keys', { params: { query: { limit: 100 } } }, { enabled: scope === 'key' });
  switch (scope) {
    case 'agent':
      return agents.items.map((agent) => ({ value: agent.id, label: agent.name }));
    case 'user':
      return members.items.map((member) => ({ value: member.user_id, label: member.name }));
    case 'key':
      return keys.data?.items.map((key) => ({ value: key.id, label: key.name })) ?? [];
    default:
      return null;
  }
}

const places: Record<string, string> = { '/limit_micros': '/limit', '/agent': '/whose', '/user_id': '/whose', '/api_key_id': '/whose' };

/** The form calls some members otherwise than the API does. */
function renamed(error: unknown) {
  const faults = (error as { errors?: { pointer: string }[] } | null)?.errors;
  return faults ? { ...(error as object), errors: faults.map((fault) => ({ ...fault, pointer: places[fault.pointer] ?? fault.pointer })) } : error;
}
