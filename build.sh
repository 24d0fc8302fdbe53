#!/usr/bin/env bash
# The one entry: checks what the machine must have, then hands over to build.cake. `./build.sh` alone lists the targets.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Build nodes that stay behind hold a gigabyte and, in a pipeline, the output that someone waits for.
export MSBUILDDISABLENODEREUSE=1

api=src/Api/bin/Release/net10.0/AgentPlatform.Api.dll
bench=tests/Benchmarks/bin/Release/net10.0/AgentPlatform.Benchmarks.dll
page=web/dist/index.html
oldest_postgres=15
oldest_node=20.19

fail() {
  echo "build.sh: $*" >&2
  exit 1
}

usage() {
  cat <<'TEXT'
Usage: ./build.sh <target> [arguments]

  run [arguments]         build if needed, then start everything on http://127.0.0.1:8080 with a demo tenant (Ctrl-C stops it)
  test                    build, check the format, run all tests
  build                   build everything; warnings are errors
  web                     build the web app alone, into web/dist
  format                  format the code
  migrate up|down <module>|status
                          apply, take back or list the database's migrations
  docs                    write docs/openapi.json from the code
  bench [arguments]       measure this machine
  prove [arguments]       kill the server under load, again and again, and count what was lost; `prove code [runs]`: run hostile code,
                          a thousand times, and count what gets out or is left

Arguments may follow a `--`.
TEXT
}

need_sdk() {
  command -v dotnet >/dev/null || fail "the .NET SDK 10 is missing: install dotnet-sdk-10.0 from https://dotnet.microsoft.com/download."
  # global.json decides what is enough; dotnet itself says what it found.
  dotnet --version >/dev/null 2>&1 || fail "no .NET SDK here satisfies global.json (10.0.100 or a later 10.0): install dotnet-sdk-10.0; found: $(dotnet --list-sdks | tr '\n' ' ')"
}

has_postgres() {
  local directory version
  for directory in /usr/lib/postgresql/*/bin /usr/libexec/postgresql*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin ${PATH//:/ }; do
    [[ -x $directory/postgres && -x $directory/initdb ]] || continue
    version=$("$directory/postgres" --version 2>/dev/null | grep -oE '[0-9]+' | head -1) || continue
    [[ ${version:-0} -ge $oldest_postgres ]] && return 0
  done
  return 1
}

# Sets as_root to what a command needs before it to install something.
begin_apt() {
  as_root=()
  if [[ $EUID -ne 0 ]]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || fail "$1: run 'sudo apt-get install $2' and start again."
    as_root=(sudo -n)
  fi
  echo "Installing $2 with apt-get ..."
  "${as_root[@]}" apt-get update -q </dev/null
}

need_postgres() {
  # A configured server needs no binaries here.
  [[ -n ${ConnectionStrings__Main:-}${ConnectionStrings__Owner:-} ]] && return
  has_postgres && return
  local wanted="PostgreSQL $oldest_postgres or later is missing (only its programs are used, no service)"
  command -v apt-get >/dev/null || fail "$wanted: install the server package of your system (Fedora: postgresql-server postgresql-contrib; Alpine: postgresql15 postgresql15-contrib; macOS: brew install postgresql@17)."
  begin_apt "$wanted" postgresql
  local package
  package=$(apt-cache pkgnames postgresql- | grep -E '^postgresql-[0-9]+$' | sort -t- -k2 -n | tail -1)
  [[ ${package#postgresql-} -ge $oldest_postgres ]] || fail "$wanted, and this system's packages end at ${package:-none}: add the repository of https://www.postgresql.org/download and start again."
  # Debian's package would make a cluster and start it as a service: nobody here asked for one.
  [[ -e /etc/postgresql-common/createcluster.conf ]] || "${as_root[@]}" sh -c \
    'mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf'
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$package" </dev/null
  has_postgres || fail "$package was installed, but its programs were not found; see PostgresBinaries.cs for where they are looked for."
}

has_rabbitmq() {
  local directory
  for directory in /usr/lib/rabbitmq/bin /opt/homebrew/opt/rabbitmq/sbin /usr/local/opt/rabbitmq/sbin ${PATH//:/ }; do
    [[ -x $directory/rabbitmq-server ]] && return 0
  done
  return 1
}

# Only the tests need it: they start a node of their own.
need_rabbitmq() {
  has_rabbitmq && return
  local wanted="RabbitMQ's server is missing (only its programs are used, by tests, no service)"
  command -v apt-get >/dev/null || fail "$wanted: install the server package of your system (Fedora: rabbitmq-server; macOS: brew install rabbitmq)."
  begin_apt "$wanted" rabbitmq-server
  # Debian's package would start a service: nobody here asked for one.
  "${as_root[@]}" sh -c '
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
      printf "#!/bin/sh\nexit 101\n" > $policy && chmod +x $policy
      trap "rm -f $policy" EXIT
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends rabbitmq-server' </dev/null
  has_rabbitmq || fail "rabbitmq-server was installed, but its programs were not found; see RabbitServer.cs for where they are looked for."
}

has_node() {
  local version
  command -v npm >/dev/null || return 1
  version=$(node --version 2>/dev/null) || return 1
  [[ $(printf '%s\n' "v$oldest_node" "$version" | sort -V | head -1) == "v$oldest_node" ]]
}

# The web app is built with it; the API needs none.
need_node() {
  has_node && return
  local wanted="Node.js $oldest_node or later with npm is missing (only the web app's build needs it)"
  command -v apt-get >/dev/null || fail "$wanted: install it from your system or https://nodejs.org."
  local packaged
  packaged=$(apt-cache policy nodejs 2>/dev/null | awk '/Candidate:/ { print $2 }')
  [[ $(printf '%s\n' "$oldest_node" "${packaged:-0}" | sort -V | head -1) == "$oldest_node" ]] ||
    fail "$wanted, and this system's package is ${packaged:-none}: install it from https://nodejs.org and start again."
  begin_apt "$wanted" "nodejs npm"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends nodejs npm </dev/null
  has_node || fail "$wanted, and the package of this system is not enough: install it from https://nodejs.org and start again."
}

has_chromium() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && return 0
  done
  [[ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ]]
}

# Only the tests need it: they use the web app as people do.
need_chromium() {
  has_chromium && return
  local wanted="Chromium is missing (the tests open the web app in it)"
  command -v apt-get >/dev/null || fail "$wanted: install it from your system (Fedora: chromium; macOS: brew install --cask google-chrome)."
  begin_apt "$wanted" chromium
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium </dev/null
  has_chromium || fail "$wanted, and the package chromium of this system did not bring it: install Chromium or Chrome and start again."
}

# Only the proof needs it: it runs servers whose clock is wrong.
need_faketime() {
  compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null && return
  local wanted="libfaketime is missing (for servers whose clock is wrong)"
  command -v apt-get >/dev/null || fail "$wanted: install the package libfaketime of your system."
  begin_apt "$wanted" libfaketime
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends libfaketime </dev/null
}

cake() {
  need_sdk
  dotnet tool restore --verbosity quiet >/dev/null || fail "dotnet tool restore failed; see 'dotnet tool restore'."
  dotnet cake build.cake --verbosity=normal --target="$1"
}

# Builds one program unless nothing that it is made of has changed since: a start of what is built takes no MSBuild and no Cake.
# Directories count as well, so that a deleted file is seen.
ensure_built() {
  local target=$1 dll=$2 stamp=artifacts/$1.stamp
  shift 2
  if [[ -f $stamp && -f $dll ]] && [[ -z $(find "$@" Directory.*.props global.json .editorconfig \
      \( -name bin -o -name obj -o -name node_modules -o -name dist -o -name generated \) -prune -o -newer "$stamp" -print -quit 2>/dev/null) ]]; then
    return
  fi
  # Made beforehand: their appearance would make the project's directory newer than the stamp.
  local project
  for project in $(find "$@" -name '*.csproj' 2>/dev/null || true); do
    mkdir -p "$(dirname "$project")/bin" "$(dirname "$project")/obj"
  done
  mkdir -p artifacts
  touch "$stamp.new"
  cake "$target" || return
  mv "$stamp.new" "$stamp"
}

ensure_api() {
  ensure_built build-api "$api" src db policies
}

# The program runs without a page; whoever only wants the API needs no Node.js.
ensure_web() {
  mkdir -p web/dist web/node_modules web/src/generated
  (need_node) && ensure_built build-web "$page" web docs/openapi.json || echo "build.sh: going on without the web app; the API is complete without it." >&2
}

# Customers' code runs in it; everything else works without, and what needs it says so.
ensure_sandbox() {
  sandbox/install.sh || echo "build.sh: going on without the sandbox: code of customers is refused, its tests are skipped." >&2
    (need_faketime) || echo "build.sh: going on without libfaketime; wrong clocks are not tried." >&2
}

target=${1:-}
shift || true
[[ ${1:-} == -- ]] && shift

# The program replaces this shell, so that Ctrl-C and SIGTERM reach it and nothing else, and it can drain.
case $target in
  run)
    need_postgres
    ensure_sandbox
    ensure_web
    ensure_api
    export Seed__Demo=${Seed__Demo:-true} Web__Root=${Web__Root:-web/dist}
    exec dotnet "$api" "$@"
    ;;
  migrate)
    need_postgres
    ensure_api
    exec dotnet "$api" migrate "$@"
    ;;
  docs)
    ensure_api
    mkdir -p docs
    exec dotnet "$api" openapi docs/openapi.json
    ;;
  bench | prove)
    need_postgres
    ensure_sandbox
    [[ $target != prove ]] || (need_faketime) || echo "build.sh: going on without libfaketime; wrong clocks are not tried." >&2
    ensure_built build-bench "$bench" src db policies tests/Benchmarks tests/Directory.Build.props
    exec dotnet "$bench" "$target" "$@"
    ;;
  test)
    need_postgres
    need_node
    need_chromium
    ensure_sandbox
    # The product runs without a broker, and so do all tests but the broker's own, which then say that they were skipped.
    (need_rabbitmq) || echo "build.sh: going on without RabbitMQ; its tests are skipped." >&2
    rm -rf artifacts/tests
    code=0
    cake test || code=$?
    # Cake prints its own report last; a reader and a pipeline look for this line at the end.
    cat artifacts/tests/summary.txt 2>/dev/null || echo "build.sh: the build failed before any test ran." >&2
    exit "$code"
    ;;
  build | format)
    need_node
    cake "$target"
    ;;
  web)
    need_node
    cake build-web
    ;;
  "" | -h | --help | help)
    usage
    ;;
  *)
    usage >&2
    fail "unknown target '$target'."
    ;;
esac
