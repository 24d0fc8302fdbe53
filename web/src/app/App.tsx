import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { router } from '~/app/router';
import { theme, variables } from '~/app/theme';
import { onDemand } from '~/components/onDemand';
import { nonce } from '~/lib/nonce';
import { queryClient } from '~/lib/queries';
import { useIdle } from '~/lib/useIdle';

const Notices = onDemand(() => import('~/components/Notices').then((file) => file.Notices));

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={() => nonce ?? ''}>
      <QueryClientProvider client={queryClient}>
        {useIdle() && <Notices />}
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
