import { Alert, Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { CodeEditor } from '~/components/CodeEditor';
import { JsonView } from '~/components/JsonView';
import { LinkButton } from '~/components/LinkButton';
import { strings } from '~/lib/strings';
import { signed } from '~/lib/webhooks';

const t = strings.triggers;

interface TestProps {
  url: string;
  signature: string;
  secret?: string;
  onClose: () => void;
}

/** Sends a delivery as its sender would, signed here: the secret does not leave the browser. */
export function TestDelivery({ url, signature, secret: known, onClose }: TestProps) {
  const [secret, setSecret] = useState(known ?? '');
  const [body, setBody] = useState('{}');
  const [problem, setProblem] = useState<string | null>(null);
  const send = useMutation({
    mutationFn: async () => {
      const headers = await signed(signature, secret, body, `test-${crypto.randomUUID()}`, new Date());
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, credentials: 'omit' });
      return { status: answer.status, ok: answer.ok, body: (await answer.json().catch(() => null)) as { run_id?: string } | null };
    },
    onError: () => setProblem(strings.problems.unknown),
  });
  const submit = () => {
    setProblem(null);
    try {
      JSON.parse(body);
      send.mutate();
    } catch {
      setProblem(t.badJson);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t.testTitle} size="lg">
      <Stack>
        <Text c="dimmed">{t.testText}</Text>
        {signature !== 'none' && known === undefined && (
          <PasswordInput
            label={t.testSecret}
            description={t.testSecretHint}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
            autoComplete="off"
          />
        )}
        <CodeEditor label={t.testBody} language="json" value={body} onChange={setBody} error={problem} />
        {send.data && (
          <Alert variant="outline" color={send.data.ok ? 'teal' : 'red'} title={send.data.ok ? t.accepted : t.sent(send.data.status)} role="status">
            {send.data.body?.run_id ? (
              <LinkButton to="/runs/$id" params={{ id: send.data.body.run_id }} size="xs" variant="default">
                {t.openRun}
              </LinkButton>
            ) : (
              <JsonView value={send.data.body} height={160} />
            )}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button onClick={submit} loading={send.isPending}>
            {t.send}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
