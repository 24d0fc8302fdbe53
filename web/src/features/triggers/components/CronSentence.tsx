import { Text } from '@mantine/core';
import cronstrue from 'cronstrue';

/** A cron expression as a sentence, at once; for the forms that only the API knows, the sentence that it tells. */
export function CronSentence({ cron, told }: { cron: string; told: string | undefined }) {
  return <Text fw={500}>{sentence(cron) ?? told}</Text>;
}

export function sentence(cron: string): string | null {
  try {
    return cronstrue.toString(cron, { use24HourTimeFormat: true });
  } catch {
    return null;
  }
}
