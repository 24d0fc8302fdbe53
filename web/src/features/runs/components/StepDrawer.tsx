import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { strings } from '~/lib/strings';

/** A step where there is no room beside the run. The name stands on the dialog: on what is around it nobody would hear it. */
export function StepDrawer({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  return (
    <Drawer.Root opened onClose={onClose} position="bottom" size="85%">
      <Drawer.Overlay />
      <Drawer.Content aria-label={strings.runs.step}>
        <Drawer.Body pt="md">{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
