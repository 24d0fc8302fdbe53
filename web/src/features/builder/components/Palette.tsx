import { ScrollArea, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Answered } from '~/components/states';
import type { SkillView } from '~/generated/api';
import { strings } from '~/lib/strings';
import { useSkills } from '../api/useSkills';
import classes from './Builder.module.css';

const t = strings.builder;

export const dragType = 'application/x-agentplatform-skill';

/** The skills that a node can be: dragged onto the canvas, or put there with Enter. */
export function Palette({ onPick }: { onPick: (skill: string) => void }) {
  const skills = useSkills();
  const [wanted, setWanted] = useState('');
  return (
    <Stack gap="xs" h="100%" className={classes.palette} component="section" aria-label={t.palette}>
      <TextInput
        size="xs"
        aria-label={t.paletteSearch}
        placeholder={t.paletteSearch}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <Text size="xs" c="dimmed">
        {t.paletteHint}
      </Text>
      <Answered query={skills} lines={8}>
        {({ items }) => {
          const found = items.filter((skill) => `${skill.slug} ${skill.name} ${skill.description ?? ''}`.toLowerCase().includes(wanted.toLowerCase()));
          const groups = Object.entries(Object.groupBy(found, (skill) => skill.category));
          return groups.length === 0 ? (
            <Text c="dimmed">{t.noSkill}</Text>
          ) : (
            <ScrollArea flex={1} type="auto">
              {groups.map(([category, skills = []]) => (
                <div key={category}>
                  <Text size="xs" fw={600} c="dimmed" mt="xs">
                    {category}
                  </Text>
                  {skills.map((skill) => (
                    <Skill key={skill.id} skill={skill} onPick={onPick} />
                  ))}
                </div>
              ))}
            </ScrollArea>
          );
        }}
      </Answered>
    </Stack>
  );
}

function Skill({ skill, onPick }: { skill: SkillView; onPick: (skill: string) => void }) {
  return (
    <UnstyledButton
      className={classes.skill}
      draggable
      title={skill.description ?? undefined}
      onClick={() => onPick(skill.slug)}
      onDragStart={(event) => {
        event.dataTransfer.setData(dragType, skill.slug);
        event.dataTransfer.effectAllowed = 'copy';
      }}
    >
      {skill.name}
      <Text size="xs" c="dimmed" truncate>
        {skill.slug}
      </Text>
    </UnstyledButton>
  );
}
