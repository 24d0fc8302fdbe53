// The conformance suite starts this as the client that it tests: it hands the suite's server on to the test, where the platform is that client.
const [control, url] = process.argv.slice(2);
const context = process.env.MCP_CONFORMANCE_CONTEXT ?? '{}';
const answer = await fetch(`${control}?url=${encodeURIComponent(url)}`, { method: 'POST', body: context });
console.log(await answer.text());
process.exit(answer.ok ? 0 : 1);
