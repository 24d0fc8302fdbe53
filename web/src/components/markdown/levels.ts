interface Part {
  tagName?: string;
  children?: Part[];
}

const lowest = 6;

/** Headings below those of the page, each at most one level below the one before it: people begin with any of them and leave some out. */
export const levels = () => (tree: Part) => {
  const open: number[] = [];
  const visit = (part: Part) => {
    const depth = Number(/^h([1-6])$/.exec(part.tagName ?? '')?.[1]);
    if (depth) {
      while ((open.at(-1) ?? 0) >= depth) {
        open.pop();
      }
      open.push(depth);
      part.tagName = `h${Math.min(2 + open.length, lowest)}`;
    }
    part.children?.forEach(visit);
  };
  visit(tree);
};
