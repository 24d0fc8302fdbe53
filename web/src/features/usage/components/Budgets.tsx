import { ActionIcon, Button, Card, Group, Menu, Progress, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconPigMoney, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Confirm } from '~/components/Confirm';
import { onDemand } from '~/components/onDemand';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered, Empty } from '~/components/states';
import type { BudgetView } from '~/generated/api';
import { useAgents } from '~/lib/agents';
import { $api } from '~/lib/client';
import { money, shortId } from '~/lib/format';
import { useMembers } from '~/lib/members';
import { tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { standing } from '../api/stack';
import { useBudgets } from '../api/useBudgets';

const BudgetForm = onDemand(() => import('./BudgetForm').then((file) => file.BudgetForm));

const t = strings.usage.budgets;
const looks = {
  ok: { color: 'teal.7', status: 'succeeded' },
  near: { color: 'yellow.6', status: 'waiting' },
  over: { color: 'red.7', status: 'failed' },
} as const;

export function Budgets() {
  const budgets = useBudgets();
  const may = useCan('billing:write');
  const [creating, create] = useDisclosure();
  const button = may && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create.open}>
      {t.create}
    </Button>
  );
  return (
    <Stack component="section" aria-label={t.title} gap="sm">
      <Group justify="space-between">
        <div>
          <Title order={2}>{t.title}</Title>
          <Text c="dimmed">{t.text}</Text>
        </div>
        {budgets.data?.length ? button : null}
      </Group>
      <Answered query={budgets} lines={2}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={<IconPigMoney size={40} aria-hidden />} title={t.empty} text={t.emptyText} action={button} />
          ) : (
            <SimpleGrid cols={{ base: 1, lg: 2 }}>
              {rows.map((budget) => (
                <Budget key={budget.id} budget={budget} />
              ))}
            </SimpleGrid>
          )
        }
      </Answered>
      {creating && <BudgetForm onClose={create.close} />}
    </Stack>
  );
}

function useWhose() {
  const agents = useAgents();
  const members = useMembers();
  return (budget: BudgetView) => {
    const id = budget.agent_id ?? budget.user_id ?? budget.api_key_id;
    const name = (budget.agent_id && agents.nameOf(budget.agent_id)) ?? (budget.user_id && members.nameOf(budget.user_id));
    return id ? `${t.scopes[budget.scope as keyof typeof t.scopes]}: ${name ?? shortId(id)}` : t.scopes.tenant;
  };
}

function Budget({ budget }: { budget: BudgetView }) {
  const may = useCan('billing:write');
  const whose = useWhose();
  const { percent, spent, held, state } = standing(budget);
  const { color, status } = looks[state];
  return (
    <Card withBorder component="article" aria-label={budget.name}>
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap">
          <Group gap="xs">
            <Title order={3}>{budget.name}</Title>
            <StatusBadge status={status} label={t.states[state]} />
          </Group>
          {may && <BudgetMenu budget={budget} />}
        </Group>
        <Text c="dimmed">
          {whose(budget)} · {t.windows[budget.window as keyof typeof t.windows]} · {t.actions[budget.action as keyof typeof t.actions]}
        </Text>
        <Progress.Root size="lg">
          <Progress.Section value={spent} color={color} aria-label={t.bar(budget.name, percent)} />
          {held > 0 && <Progress.Section value={held} color={color} striped aria-label={t.held(money(budget.held_micros))} />}
        </Progress.Root>
        <Group justify="space-between">
          <Text>{t.of(money(budget.spent_micros), money(budget.limit_micros))}</Text>
          <Text>{percent} %</Text>
        </Group>
        {budget.held_micros > 0 && (
          <Text size="xs" c="dimmed">
            {t.held(money(budget.held_micros))}
          </Text>
        )}
      </Stack>
    </Card>
  );
}

function BudgetMenu({ budget }: { budget: BudgetView }) {
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null);
  const close = () => setDialog(null);
  const remove = $api.useMutation('delete', '/v1/budgets/{id}', {
    onSuccess: () => {
      close();
      return refresh('/v1/budgets');
    },
    onError: tellProblem,
  });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t.menu(budget.name)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialog('edit')}>{t.edit}</Menu.Item>
          <Menu.Item c="var(--mantine-color-error)" onClick={() => setDialog('delete')}>
            {t.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'edit' && <BudgetForm budget={budget} onClose={close} />}
      <Confirm
        opened={dialog === 'delete'}
        title={t.remove}
        text={t.removeText(budget.name)}
        action={t.remove}
        name={budget.name}
        busy={remove.isPending}
        onClose={close}
        onConfirm={() => remove.mutate({ params: { path: { id: budget.id } } })}
      />
    </>
  );
}
