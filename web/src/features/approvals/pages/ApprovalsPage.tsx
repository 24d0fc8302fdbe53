import { Badge, Button, Card, Group, SegmentedControl, Stack, Switch, Text, Textarea, Title } from '@mantine/core';
import { IconCheck, IconMoodCheck, IconPencil, IconX } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { CodeEditor } from '~/components/CodeEditor';
import { JsonView } from '~/components/JsonView';
import { TextLink } from '~/components/LinkButton';
import { Page } from '~/components/Page';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import type { ApprovalView } from '~/generated/api';
import { $api, client } from '~/lib/client';
import { json } from '~/lib/format';
import { tellDone, tellProblem } from '~/lib/notify';
import { usePages } from '~/lib/paged';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';

const t = strings.approvals;
const states = ['pending', 'approved', 'rejected', 'expired'] as const;

export function ApprovalsPage() {
  const { status = 'pending', mine } = useSearch({ from: '/app/approvals' });
  const navigate = useNavigate({ from: '/approvals' });
  const list = usePages(
    ['get', '/v1/approvals', status, mine],
    (cursor, signal) => client.GET('/v1/approvals', { params: { query: { status, mine, limit: 50, cursor } }, signal }),
    { refetchInterval: 10_000 },
  );
  return (
    <Page title={t.title} text={t.text}>
      <Group>
        <SegmentedControl
          aria-label={t.status}
          value={status}
          onChange={(next) => void navigate({ search: (former) => ({ ...former, status: next as (typeof states)[number] }), replace: true })}
          data={[...states]}
        />
        <Switch
          label={t.mine}
          checked={mine ?? false}
          onChange={(event) => void navigate({ search: { status, mine: event.currentTarget.checked || undefined }, replace: true })}
        />
      </Group>
      <Answered query={list}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={<IconMoodCheck size={40} aria-hidden />} title={t.empty} text={t.emptyText} />
          ) : (
            <Stack>
              {rows.map((approval) => (
                <Approval key={approval.id} approval={approval} />
              ))}
              {list.more && (
                <Button variant="default" onClick={list.more.load} loading={list.more.busy}>
                  {strings.common.more}
                </Button>
              )}
            </Stack>
          )
        }
      </Answered>
    </Page>
  );
}

function Approval({ approval }: { approval: ApprovalView }) {
  const may = useCan('runs:execute');
  const [comment, setComment] = useState('');
  const [edited, setEdited] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const path = { params: { path: { id: approval.id } } };
  const decided = (message: string) => ({
    onSuccess: () => {
      tellDone(message);
      return refresh('/v1/approvals', '/v1/runs');
    },
    onError: tellProblem,
  });
  const approve = $api.useMutation('post', '/v1/approvals/{id}/approve', decided(t.approved));
  const reject = $api.useMutation('post', '/v1/approvals/{id}/reject', decided(t.rejected));
  const isBusy = approve.isPending || reject.isPending;
  const submit = () => {
    try {
      const payload = edited === null ? {} : { payload: JSON.parse(edited) as unknown };
      approve.mutate({ ...path, body: { ...(comment ? { comment } : {}), ...payload } });
    } catch {
      setProblem(t.badJson);
    }
  };
  const isPending = approval.status === 'pending';
  return (
    <Card withBorder component="article" aria-label={approval.title}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Group gap="xs">
            <Title order={2} size="h3">
              {approval.title}
            </Title>
            <StatusBadge status={approval.status} />
          </Group>
          <Group gap="sm" c="dimmed">
            <Time at={approval.created_at} />
            {isPending && approval.expires_at && (
              <Badge variant="default" tt="none">
                {t.expires} <Time at={approval.expires_at} />
              </Badge>
            )}
            <TextLink to="/runs/$id" params={{ id: approval.run_id }} search={{ step: approval.node_id }}>
              {t.run}
            </TextLink>
          </Group>
        </Group>
        {edited === null ? (
          approval.payload !== null && <JsonView label={t.payload} value={approval.edited_payload ?? approval.payload} />
        ) : (
          <CodeEditor label={t.payload} language="json" value={edited} onChange={setEdited} error={problem} />
        )}
        {approval.comment && <Text>{approval.comment}</Text>}
        {isPending && may && (
          <>
            <Textarea label={t.comment} description={t.commentHint} autosize value={comment} onChange={(event) => setComment(event.currentTarget.value)} />
            <Group gap="xs">
              <Button leftSection={<IconCheck size={16} aria-hidden />} loading={isBusy} onClick={submit}>
                {t.approve}
              </Button>
              <Button
                variant="default"
                leftSection={<IconX size={16} aria-hidden />}
                loading={isBusy}
                onClick={() => reject.mutate({ ...path, body: comment ? { comment } : {} })}
              >
                {t.reject}
              </Button>
              {edited === null && approval.payload !== null && (
                <Button variant="subtle" leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setEdited(json(approval.payload))}>
                  {t.edit}
                </Button>
              )}
            </Group>
          </>
        )}
      </Stack>
    </Card>
  );
}
