/** Headers as somebody types them, one in a line; the first line that is none is answered instead. */
export function headersOf(text: string): { headers: Record<string, string> } | { bad: string } {
  const headers: Record<string, string> = {};
  for (const line of text.split('\n').map((entry) => entry.trim())) {
    const [, name, value] = /^([A-Za-z0-9_-]+)\s*:\s*(\S.*)$/.exec(line) ?? [];
    if (name && value) {
      headers[name] = value;
    } else if (line) {
      return { bad: line };
    }
  }
  return { headers };
}
