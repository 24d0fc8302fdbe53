import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

type Plain<T> = T & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof T> & { ref?: Ref<HTMLAnchorElement> };

/** A link of the router that looks like a button. */
export const LinkButton = createLink((props: Plain<ButtonProps>) => <Button component="a" {...props} />);

/** A link of the router in running text. */
export const TextLink = createLink((props: Plain<AnchorProps>) => <Anchor inherit {...props} />);
