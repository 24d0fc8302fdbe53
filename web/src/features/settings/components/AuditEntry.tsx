import { Code, Drawer, Group, Stack, Text } from '@mantine/core';
import { JsonView } from '~/components/JsonView';
import type { AuditEntryView } from '~/generated/api';
import { moment } from '~/lib/format';
import { strings } from '~/lib/strings';

const t = strings.settings.audit;

/** One entry of the log, with what was before and after it. */
export function AuditEntry({ entry, actor, onClose }: { entry: AuditEntryView; actor: string; onClose: () => void }) {
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={t.open(entry.seq)}>
      <Stack>
        <Group>
          <Code>{entry.action}</Code>
          <Text>{moment(entry.created_at)}</Text>
        </Group>
        <Text>
          {t.actor}: {actor} ({entry.actor_kind})
        </Text>
        {entry.ip && (
          <Text>
            {t.from}: {entry.ip}
          </Text>
        )}
        {entry.error_message && <Text c="var(--mantine-color-error)">{entry.error_message}</Text>}
        {entry.old_values !== null && <JsonView label={t.before} value={entry.old_values} />}
        {entry.new_values !== null && <JsonView label={t.after} value={entry.new_values} />}
      </Stack>
    </Drawer>
  );
}
