#!/usr/bin/env bash
# Installs the interpreters for customers' code (npm ci) and lays out sandbox/jail: everything that a process with such code ever sees of the
# machine's files. Does nothing when that is up to date.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

fail() {
  echo "sandbox: $*" >&2
  exit 1
}

[[ $(uname -s) == Linux ]] || fail "customers' code runs on Linux only: it needs its namespaces and limits."
stamp=jail/.stamp
wanted=$(cat package-lock.json install.sh snapshot.mjs runner/* | sha256sum)
[[ -f $stamp && $(<"$stamp") == "$wanted" ]] && exit 0

for program in node npm; do
  command -v $program >/dev/null || fail "$program is missing: install Node.js 18 or later (Debian: apt-get install nodejs npm; https://nodejs.org)."
done

echo "Installing the sandbox for customers' code ..."
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
deno=$(ls node_modules/@deno/*/deno 2>/dev/null | head -1) || true
[[ -n $deno ]] || fail "there is no Deno for this machine ($(uname -m), glibc)."

# A link where it can be one: the program has 90 MB.
place() {
  mkdir -p "$(dirname "$2")"
  cp -lL "$1" "$2" 2>/dev/null || cp -L "$1" "$2"
}

rm -rf jail.new
mkdir -p jail.new/bin jail.new/proc jail.new/pyodide
place "$deno" jail.new/bin/deno
chmod 755 jail.new/bin/deno
# Copies, not links: what belongs to the system is not to be changed through the jail.
cp -L "$(command -v setpriv)" jail.new/bin/setpriv
for file in $(ldd jail.new/bin/deno jail.new/bin/setpriv | grep -oE '/[^ ):]+' | grep -v '^jail' | sort -u); do
  [[ -f $file ]] && mkdir -p "jail.new$(dirname "$file")" && cp -L "$file" "jail.new$file"
done
for file in pyodide.mjs pyodide.asm.mjs pyodide.asm.wasm python_stdlib.zip pyodide-lock.json; do
  place node_modules/pyodide/$file jail.new/pyodide/$file
done
cp -r runner jail.new/runner

echo "Starting Python once, to keep an image of it ..."
jail.new/bin/deno run --quiet --no-prompt --no-config --no-lock --no-remote --no-npm \
  --allow-read="$PWD" --allow-write="$PWD/jail.new" snapshot.mjs "$PWD/jail.new"

chmod -R u=rwX,go=rX jail.new
echo "$wanted" > jail.new/.stamp
rm -rf jail
mv jail.new jail
