import { Button, Center } from '@mantine/core';
import { IconAlertTriangle, IconMapQuestion } from '@tabler/icons-react';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { LinkButton } from '~/components/LinkButton';
import { Empty } from '~/components/states';
import { strings } from '~/lib/strings';

/** Stands alone: an address that leads nowhere has no page around it. */
export function Missing() {
  return (
    <Center component="main" mih="50vh">
      <Empty
        level={1}
        icon={<IconMapQuestion size={40} aria-hidden />}
        title={strings.common.notFoundTitle}
        text={strings.common.notFoundText}
        action={<LinkButton to="/">{strings.common.goHome}</LinkButton>}
      />
    </Center>
  );
}

/** A part that could not be loaded, or broke while it was shown. */
export function RouteFailed(_: ErrorComponentProps) {
  return (
    <Center mih="50vh" role="alert">
      <Empty
        level={1}
        icon={<IconAlertTriangle size={40} aria-hidden />}
        title={strings.common.brokenTitle}
        text={strings.common.newVersionText}
        action={<Button onClick={() => window.location.reload()}>{strings.common.reload}</Button>}
      />
    </Center>
  );
}

/** The same where the frame around all pages is missing too. */
export function ShellFailed(props: ErrorComponentProps) {
  return (
    <main>
      <RouteFailed {...props} />
    </main>
  );
}
