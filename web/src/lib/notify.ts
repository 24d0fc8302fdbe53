import { notifications } from '@mantine/notifications';
import { sentenceOf } from '~/lib/problem';

export const tellDone = (message: string) => notifications.show({ message, color: 'teal' });

export const tellProblem = (error: unknown) => notifications.show({ message: sentenceOf(error), color: 'red', autoClose: 8_000 });
