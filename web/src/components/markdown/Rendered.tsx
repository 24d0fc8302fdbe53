import { Box } from '@mantine/core';
import { isValidElement, memo, type ReactNode, useDeferredValue } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { strings } from '~/lib/strings';
import { CodeBlock } from './CodeBlock';
import { levels } from './levels';
import classes from './Markdown.module.css';

const Outside = ({ href, children }: { href?: string; children?: ReactNode }) => (
  <a href={href} target="_blank" rel="noopener noreferrer nofollow">
    {children}
  </a>
);

const components: Components = {
  a: ({ href, children }) => <Outside href={href}>{children}</Outside>,
  // A picture would be fetched by whoever only reads: its address could carry away what stands in the text.
  img: ({ src, alt }) => <Outside href={typeof src === 'string' ? src : undefined}>{alt || src}</Outside>,
  pre: ({ children }) => {
    const code = isValidElement<{ className?: string; children?: ReactNode }>(children) ? children.props : {};
    return <CodeBlock language={/language-(\S+)/.exec(code.className ?? '')?.[1]} text={String(code.children ?? '').replace(/\n$/, '')} />;
  },
  table: ({ children }) => (
    // What scrolls must be reached by the keyboard. A group: several regions of one name could not be told apart.
    <Box className={classes.scroll} role="group" aria-label={strings.common.table} tabIndex={0}>
      <table>{children}</table>
    </Box>
  ),
  input: ({ checked }) => <span>{checked ? '☑' : '☐'}</span>,
};

const plugins = { remark: [remarkGfm], rehype: [rehypeSanitize, levels] };

const Parsed = memo(({ text }: { text: string }) => (
  <ReactMarkdown remarkPlugins={plugins.remark} rehypePlugins={plugins.rehype} components={components}>
    {text}
  </ReactMarkdown>
));

/** While an answer streams, typing goes first and the newest words follow. */
export default function Rendered({ text }: { text: string }) {
  return <Parsed text={useDeferredValue(text)} />;
}
