import { Tabs } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { strings } from '~/lib/strings';

const t = strings.integrations.parts;

/** Services and models stand beside each other. */
export function Parts({ at }: { at: keyof typeof t }) {
  const navigate = useNavigate();
  return (
    <Tabs value={at} onChange={(next) => void navigate({ to: next === 'models' ? '/models' : '/integrations' })}>
      <Tabs.List aria-label={strings.integrations.title}>
        <Tabs.Tab value="integrations">{t.integrations}</Tabs.Tab>
        <Tabs.Tab value="models">{t.models}</Tabs.Tab>
      </Tabs.List>
    </Tabs>
  );
}
