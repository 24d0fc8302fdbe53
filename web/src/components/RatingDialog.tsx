import { Button, Fieldset, Group, Modal, Rating, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { strings } from '~/lib/strings';

const t = strings.interactions;

/** One to five stars each; null is no opinion. */
export interface Judgement {
  satisfaction: number | null;
  usefulness: number | null;
  feedback: string | null;
}

interface RatingDialogProps {
  title: string;
  rating?: Judgement | null;
  busy: boolean;
  onSave: (judgement: Judgement) => void;
  onClose: () => void;
}

export function RatingDialog({ title, rating, busy, onSave, onClose }: RatingDialogProps) {
  const [satisfaction, setSatisfaction] = useState(rating?.satisfaction ?? 0);
  const [usefulness, setUsefulness] = useState(rating?.usefulness ?? 0);
  const [feedback, setFeedback] = useState(rating?.feedback ?? '');
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSave({ satisfaction: satisfaction || null, usefulness: usefulness || null, feedback: feedback.trim() || null });
        }}
      >
        <Stack>
          <Stars label={t.satisfaction} value={satisfaction} onChange={setSatisfaction} />
          <Stars label={t.usefulness} value={usefulness} onChange={setUsefulness} />
          <Textarea
            label={t.feedback}
            description={t.feedbackHint}
            autosize
            minRows={3}
            maxLength={4_000}
            value={feedback}
            onChange={(event) => setFeedback(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={busy}>
              {t.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Stars({ label, value, onChange }: { label: string; value: number; onChange: (stars: number) => void }) {
  return (
    <Fieldset legend={label} variant="unstyled">
      <Rating size="lg" value={value} onChange={onChange} getSymbolLabel={t.of5} />
    </Fieldset>
  );
}
