import { Center, Paper, Stack, Text } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { strings } from '~/lib/strings';

/** Around the pages of somebody who is not signed in. */
export function OutsideLayout() {
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w="100%" maw={400} gap="md">
        <Text ta="center" fw={700} size="lg">
          {strings.common.product}
        </Text>
        <Paper withBorder p="lg" radius="lg">
          <Outlet />
        </Paper>
      </Stack>
    </Center>
  );
}
