import { IconArrowLeft } from '@tabler/icons-react';
import { LinkButton } from '~/components/LinkButton';
import { strings } from '~/lib/strings';

/** On a phone the list is a page of its own. */
export const BackToList = () => (
  <LinkButton
    to="/chat"
    search={({ q }) => ({ q })}
    hiddenFrom="sm"
    variant="subtle"
    size="xs"
    style={{ alignSelf: 'flex-start' }}
    leftSection={<IconArrowLeft size={14} aria-hidden />}
  >
    {strings.conversations.back}
  </LinkButton>
);
