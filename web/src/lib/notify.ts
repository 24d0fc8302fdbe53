import { sentenceOf } from '~/lib/problem';

// What shows messages comes after the page itself; one that is earlier waits for it.
const show = (message: string, look: { color: string; autoClose?: number }) =>
  void import('@mantine/notifications').then(({ notifications }) => notifications.show({ message, ...look }));

export const tellDone = (message: string) => show(message, { color: 'teal' });

export const tellProblem = (error: unknown) => show(sentenceOf(error), { color: 'red', autoClose: 8_000 });
