// How a runner talks to the server: lines on its standard input and output. A frame is a line that starts with the token of the job; every
// other line is text that the customer's code printed past its console. The server trusts none of it: whoever forges a frame forges only their own result.
const { stdin, stdout, inspect } = Deno;
const { parse, stringify } = JSON;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const maxEntries = 1000;
const maxEntryLength = 8192;
const maxLogLength = 65536;

let token = "";
let entries = 0;
let logged = 0;
let pending = new Uint8Array(0);

function write(text) {
  let bytes = encoder.encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stdout.writeSync(bytes));
}

export function send(kind, text) {
  write(`\n${token}${kind}${text}\n`);
}

export function ready() {
  write("ready\n");
}

export function log(level, text) {
  if (entries > maxEntries || logged > maxLogLength) return;
  entries += 1;
  logged += text.length;
  const isCut = entries > maxEntries || logged > maxLogLength;
  send("L", stringify(isCut ? { level: "warn", text: "What was printed after this was left out." } : { level, text: text.slice(0, maxEntryLength) }));
}

export function show(values) {
  return values.map((value) => typeof value === "string" ? value : inspect(value, { depth: 4, iterableLimit: 100, strAbbreviateSize: 1000 })).join(" ");
}

export function fail(code, message, line, column, stack) {
  const bounded = (text, length) => text === undefined ? undefined : String(text).slice(0, length);
  send("E", stringify({ code, message: bounded(message, 2000), line, column, stack: bounded(stack, 8000) }));
}

function take() {
  const end = pending.indexOf(10);
  if (end < 0) return null;
  const line = decoder.decode(pending.subarray(0, end));
  pending = pending.slice(end + 1);
  return parse(line);
}

function add(chunk, length) {
  const joined = new Uint8Array(pending.length + length);
  joined.set(pending);
  joined.set(chunk.subarray(0, length), pending.length);
  pending = joined;
}

export function nextSync() {
  const chunk = new Uint8Array(65536);
  for (;;) {
    const message = take();
    if (message !== null) return message;
    const length = stdin.readSync(chunk);
    if (length === null) Deno.exit(0);
    add(chunk, length);
  }
}

export async function next() {
  const chunk = new Uint8Array(65536);
  for (;;) {
    const message = take();
    if (message !== null) return message;
    const length = await stdin.read(chunk);
    if (length === null) Deno.exit(0);
    add(chunk, length);
  }
}

export function begin(job) {
  token = job.token;
  return job;
}
