import { Button, Group, Menu, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { CodeEditor } from '~/components/CodeEditor';
import { json } from '~/lib/format';
import { strings } from '~/lib/strings';
import type { Part, TestRuns } from '../api/useTestRun';

const t = strings.builder;

interface RunMenuProps {
  tests: TestRuns;
  /** The chosen node. */
  node: string | undefined;
  /** The last run's. */
  input: unknown;
  disabled: boolean;
}

/** One button to try the draft: the whole, from the chosen node on, or that node alone. */
export function RunMenu({ tests, node, input, disabled }: RunMenuProps) {
  const [asking, ask] = useDisclosure();
  const start = (part: Part) => void tests.start(part);
  return (
    <Group gap={0} wrap="nowrap">
      <Button
        variant="light"
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        loading={tests.isBusy}
        disabled={disabled}
        onClick={() => (node ? start({ kind: 'only', node }) : ask.open())}
        style={{ borderStartEndRadius: 0, borderEndEndRadius: 0 }}
      >
        {node ? t.runNode : t.runWhole}
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button
            variant="light"
            px={6}
            disabled={disabled || tests.isBusy}
            aria-label={t.runMore}
            style={{ borderStartStartRadius: 0, borderEndStartRadius: 0 }}
          >
            <IconChevronDown size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={ask.open}>{t.runWholeInput}</Menu.Item>
          <Menu.Item onClick={() => start({ kind: 'whole', input })}>{t.runWholeLast}</Menu.Item>
          <Menu.Item disabled={!node} onClick={() => node && start({ kind: 'from', node })}>
            {t.runFrom}
          </Menu.Item>
          <Menu.Item disabled={!node} onClick={() => node && start({ kind: 'only', node })}>
            {t.runNode}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking && (
        <AskInput
          input={input}
          onClose={ask.close}
          onRun={(given) => {
            ask.close();
            start({ kind: 'whole', input: given });
          }}
        />
      )}
    </Group>
  );
}

function AskInput({ input, onClose, onRun }: { input: unknown; onClose: () => void; onRun: (input: unknown) => void }) {
  const [text, setText] = useState(() => json(input ?? {}));
  const [isBad, setIsBad] = useState(false);
  const run = () => {
    try {
      onRun(JSON.parse(text));
    } catch {
      setIsBad(true);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t.runTitle} size="lg">
      <Stack>
        <Text c="dimmed">{t.runText}</Text>
        <CodeEditor
          label={t.runInput}
          language="json"
          height="240px"
          value={text}
          error={isBad ? t.badJson : null}
          onChange={(typed) => {
            setText(typed);
            setIsBad(false);
          }}
        />
        <Group justify="flex-end">
          <Button onClick={run}>{t.runWhole}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
