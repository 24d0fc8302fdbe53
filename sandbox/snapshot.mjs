// Keeps the memory of a Python interpreter that has started and has what the driver needs: loading it takes a sixth of a start.
const home = Deno.args[0];
const { loadPyodide } = await import(`file://${home}/pyodide/pyodide.mjs`);
const python = await loadPyodide({ indexURL: `${home}/pyodide/`, _makeSnapshot: true });
python.runPython(Deno.readTextFileSync(`${home}/runner/driver.py`));
Deno.writeFileSync(`${home}/python.snapshot`, python.makeMemorySnapshot());
