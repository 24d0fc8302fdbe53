import { ActionIcon, Button, Card, Code, Group, Menu, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBolt, IconCalendarTime, IconDots, IconHandClick, IconPlus, IconWebhook } from '@tabler/icons-react';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Confirm } from '~/components/Confirm';
import { CopyBlock } from '~/components/Copy';
import { onDemand } from '~/components/onDemand';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import type { CreatedTrigger, TriggerView } from '~/generated/api';
import { $api, client } from '~/lib/client';
import { tellDone, tellProblem } from '~/lib/notify';
import { usePages } from '~/lib/paged';
import { refresh } from '~/lib/queries';
import { useAccount, useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { Deliveries } from '../components/Deliveries';
import { NextTimes } from '../components/NextTimes';

const TriggerForm = onDemand(() => import('../components/TriggerForm').then((file) => file.TriggerForm));
const WebhookMade = onDemand(() => import('../components/WebhookMade').then((file) => file.WebhookMade));
const TestDelivery = onDemand(() => import('../components/TestDelivery').then((file) => file.TestDelivery));
const CronSentence = onDemand(() => import('../components/CronSentence').then((file) => file.CronSentence));

const t = strings.triggers;
const icons = { schedule: IconCalendarTime, webhook: IconWebhook, event: IconBolt, manual: IconHandClick };

export function TriggersSection() {
  const { agent } = useParams({ from: '/app/agents/$agent' });
  const may = useCan('triggers:write');
  const [creating, create] = useDisclosure();
  const [made, setMade] = useState<CreatedTrigger | null>(null);
  const list = usePages(['get', '/v1/agents/{agent}/triggers', agent], (cursor, signal) =>
    client.GET('/v1/agents/{agent}/triggers', { params: { path: { agent }, query: { limit: 50, cursor } }, signal }),
  );
  const button = may && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create.open}>
      {t.create}
    </Button>
  );
  return (
    <Stack>
      <Group justify="space-between">
        <Text c="dimmed">{t.text}</Text>
        {list.data?.length ? button : null}
      </Group>
      <Answered query={list}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={<IconCalendarTime size={40} aria-hidden />} title={t.empty} text={t.emptyText} action={button} />
          ) : (
            <SimpleGrid cols={{ base: 1, lg: 2 }}>
              {rows.map((trigger) => (
                <Trigger key={trigger.id} trigger={trigger} onSecret={setMade} />
              ))}
            </SimpleGrid>
          )
        }
      </Answered>
      {creating && (
        <TriggerForm
          agent={agent}
          onClose={create.close}
          onMade={(trigger) => {
            create.close();
            if (trigger.secret) {
              setMade(trigger);
            }
          }}
        />
      )}
      {made && <WebhookMade trigger={made} onClose={() => setMade(null)} />}
    </Stack>
  );
}

function Trigger({ trigger, onSecret }: { trigger: TriggerView; onSecret: (made: CreatedTrigger) => void }) {
  const may = useCan('triggers:write');
  const { tenant } = useAccount();
  const Icon = icons[trigger.kind as keyof typeof icons] ?? IconBolt;
  const done = { onSuccess: () => refresh('/v1/agents/{agent}/triggers'), onError: tellProblem };
  const enable = $api.useMutation('post', '/v1/triggers/{id}/enable', done);
  const disable = $api.useMutation('post', '/v1/triggers/{id}/disable', done);
  const path = { params: { path: { id: trigger.id } } };
  const url = `${window.location.origin}/hooks/${tenant?.slug}/${trigger.path}`;
  return (
    <Card withBorder component="article" aria-label={trigger.name}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Icon size={18} aria-hidden />
            <Title order={2} size="h3">
              {trigger.name}
            </Title>
            {!trigger.is_enabled && <StatusBadge status="canceled" label="off" />}
          </Group>
          {may && (
            <Group gap="xs" wrap="nowrap">
              <Switch
                checked={trigger.is_enabled}
                disabled={enable.isPending || disable.isPending}
                aria-label={t.enable(trigger.name)}
                onChange={() => (trigger.is_enabled ? disable : enable).mutate(path)}
              />
              <TriggerMenu trigger={trigger} url={url} onSecret={onSecret} />
            </Group>
          )}
        </Group>
        {trigger.cron && (
          <>
            <CronSentence cron={trigger.cron} told={trigger.cron} />
            <Group gap="md" c="dimmed">
              <Code>{trigger.cron}</Code>
              <span>{trigger.time_zone}</span>
              {trigger.next_fire_at && (
                <span>
                  {t.next} <Time at={trigger.next_fire_at} />
                </span>
              )}
            </Group>
            <NextTimes id={trigger.id} />
          </>
        )}
        {trigger.kind === 'webhook' && (
          <>
            <CopyBlock label={t.url} value={url} />
            <Text c="dimmed">{t.signatures[trigger.signature ?? 'none']}</Text>
          </>
        )}
        {trigger.topic && <Code>{trigger.topic}</Code>}
        {trigger.last_fired_at && (
          <Text c="dimmed" component="div">
            {t.last} <Time at={trigger.last_fired_at} />
          </Text>
        )}
        <Deliveries trigger={trigger.id} />
        {trigger.skip_reason && (
          <Text c="dimmed" component="div">
            {t.skipped} <Time at={trigger.last_skipped_at} />: {trigger.skip_reason}
          </Text>
        )}
      </Stack>
    </Card>
  );
}

function TriggerMenu({ trigger, url, onSecret }: { trigger: TriggerView; url: string; onSecret: (made: CreatedTrigger) => void }) {
  const mayRun = useCan('runs:execute');
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'delete' | 'rotate' | 'test' | null>(null);
  const close = () => setDialog(null);
  const path = { params: { path: { id: trigger.id } } };
  const fire = $api.useMutation('post', '/v1/triggers/{id}/fire', {
    onSuccess: ({ id }) => {
      tellDone(t.fired);
      void navigate({ to: '/runs/$id', params: { id } });
    },
    onError: tellProblem,
  });
  const rotate = $api.useMutation('post', '/v1/triggers/{id}/rotate-secret', {
    onSuccess: (made) => {
      close();
      onSecret(made);
      return refresh('/v1/agents/{agent}/triggers');
    },
    onError: tellProblem,
  });
  const remove = $api.useMutation('delete', '/v1/triggers/{id}', {
    onSuccess: () => {
      close();
      return refresh('/v1/agents/{agent}/triggers');
    },
    onError: tellProblem,
  });
  const isSigned = trigger.kind === 'webhook' && trigger.signature !== 'none';
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t.menu(trigger.name)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayRun && trigger.kind !== 'webhook' && <Menu.Item onClick={() => fire.mutate({ ...path, body: {} })}>{t.fire}</Menu.Item>}
          {trigger.kind === 'webhook' && <Menu.Item onClick={() => setDialog('test')}>{t.test}</Menu.Item>}
          {isSigned && <Menu.Item onClick={() => setDialog('rotate')}>{t.rotate}</Menu.Item>}
          <Menu.Item c="var(--mantine-color-error)" onClick={() => setDialog('delete')}>
            {t.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={dialog === 'rotate'}
        title={t.rotate}
        text={t.rotateText}
        action={t.rotate}
        busy={rotate.isPending}
        onClose={close}
        onConfirm={() => rotate.mutate({ ...path, body: { grace_hours: 24 } })}
      />
      <Confirm
        opened={dialog === 'delete'}
        title={t.delete}
        text={t.deleteText(trigger.name)}
        action={t.delete}
        name={trigger.name}
        busy={remove.isPending}
        onClose={close}
        onConfirm={() => remove.mutate(path)}
      />
      {dialog === 'test' && <TestDelivery url={url} signature={trigger.signature ?? 'none'} onClose={close} />}
    </>
  );
}
