// Runs one piece of a customer's JavaScript or TypeScript: `function main(input, ctx)`. Then the process is killed.
import { begin, fail, log, next, ready, send, show } from "./frames.js";

const language = Deno.args[0];
const file = language === "typescript" ? "main.ts" : "main.js";
const { stringify } = JSON;
const NativeRequest = Request;
const NativeResponse = Response;

function load(source) {
  const url = URL.createObjectURL(new Blob([source], { type: `application/${language}` }));
  return { url, module: import(url) };
}

for (const level of ["debug", "info", "log", "warn", "error", "trace", "dir", "table"]) {
  console[level] = (...values) => log(level === "log" || level === "dir" || level === "table" ? "info" : level === "trace" ? "debug" : level, show(values));
}

const waiting = new Map();
let calls = 0;
let isListening = false;

async function listen() {
  if (isListening) return;
  isListening = true;
  while (waiting.size > 0) {
    const answer = await next();
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.error) call?.reject(new TypeError(answer.error));
    else call?.resolve(new NativeResponse(answer.body === null || [204, 205, 304].includes(answer.status) ? null : Uint8Array.fromBase64(answer.body), { status: answer.status, headers: answer.headers }));
  }
  isListening = false;
}

async function fetchThroughServer(resource, options) {
  const request = new NativeRequest(resource, options);
  const body = request.body === null ? null : new Uint8Array(await request.arrayBuffer()).toBase64();
  const id = ++calls;
  return await new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    send("F", stringify({ id, url: request.url, method: request.method, headers: Object.fromEntries(request.headers), body, redirect: request.redirect }));
    listen();
  });
}

function report(code, error, url) {
  try {
    const stack = String(error?.stack ?? "").replaceAll(url, file).replace(/\n +at (async )?file:[^\n]*/g, "");
    const [, line, column] = /main\.[jt]s:(\d+):(\d+)/.exec(stack) ?? [];
    const isError = error instanceof Error || typeof error?.message === "string";
    const message = isError ? `${error.name}: ${error.message}` : `The code threw ${show([error])}`;
    fail(code, message.replaceAll(url, file).split("\n")[0], Number(line) || undefined, Number(column) || undefined, stack);
  } catch {
    fail(code, "The code threw something that cannot be shown.");
  }
}

// What is used for the first time is slow: it is used once before there is anything to run.
await load("export const main = 0;").module;
ready();

const job = begin(await next());
globalThis.fetch = job.network ? fetchThroughServer : () => Promise.reject(new TypeError("This code may not call any host: its network is empty."));

// On a line of its own, so that a comment at the end of the code does not hide it; `typeof`, so that a missing main is no error of syntax.
const { url, module } = load(`${job.code}\n;export const $main = typeof main === "function" ? main : undefined;`);
for (const event of ["error", "unhandledrejection"]) {
  addEventListener(event, (e) => {
    e.preventDefault();
    report("code_failed", event === "error" ? e.error : e.reason, url);
  });
}

let main;
try {
  main = (await module).$main;
} catch (error) {
  report(error instanceof SyntaxError || /^(SyntaxError|Requires import access|npm specifiers|JSR package|Import|Relative import|Module not found|Unsupported scheme|The import)/.test(error?.message) ? "code_invalid" : "code_failed", error, url);
}

if (main === undefined) {
  fail("code_invalid", "The code defines no function main(input, ctx).");
} else {
  let value;
  let isDone = false;
  try {
    value = await main(job.input, Object.freeze(job.context));
    isDone = true;
  } catch (error) {
    report("code_failed", error, url);
  }

  if (isDone) {
    try {
      const result = stringify(value === undefined ? null : value);
      if (result === undefined) fail("invalid_result", `main gave a ${typeof value}, which is no JSON.`);
      else send("R", result);
    } catch (error) {
      report("invalid_result", error, url);
    }
  }
}
