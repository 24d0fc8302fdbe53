import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { CopyBlock } from '~/components/Copy';
import { ShownOnce } from '~/components/ShownOnce';
import type { CreatedTrigger } from '~/generated/api';
import { useAccount } from '~/lib/session';
import { strings } from '~/lib/strings';
import { curl } from '~/lib/webhooks';
import { TestDelivery } from './TestDelivery';

const t = strings.triggers;

/** The address and the secret of a webhook, with a line that calls it: the secret is shown this once. */
export function WebhookMade({ trigger, onClose }: { trigger: CreatedTrigger; onClose: () => void }) {
  const { tenant } = useAccount();
  const [testing, setTesting] = useState(false);
  const url = trigger.url ? new URL(trigger.url, window.location.origin).href : `${window.location.origin}/hooks/${tenant?.slug}/${trigger.path}`;
  const signature = trigger.signature ?? 'none';
  return (
    <>
      <ShownOnce title={t.made} opened onClose={onClose}>
        <CopyBlock label={t.url} value={url} />
        <CopyBlock label={t.secret} value={trigger.secret ?? ''} />
        <CopyBlock label={t.curl} value={curl(url, signature, trigger.secret ?? '', '{}')} />
        <Group>
          <Button variant="default" onClick={() => setTesting(true)}>
            {t.test}
          </Button>
        </Group>
      </ShownOnce>
      {testing && <TestDelivery url={url} signature={signature} secret={trigger.secret ?? ''} onClose={() => setTesting(false)} />}
    </>
  );
}
