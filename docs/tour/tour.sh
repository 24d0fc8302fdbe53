#!/usr/bin/env bash
# The README's tour as one script: from sign-up to the steps of a run that an outside caller fired. It stops at the first answer that is not
# as the README says. Every block of the README's tour stands here word for word; a test compares them.
#   AGENTPLATFORM_URL   where the server is; http://127.0.0.1:8080 when not set
set -euo pipefail

for program in curl jq openssl; do
  command -v "$program" >/dev/null || { echo "tour.sh needs $program: install it (apt-get install $program, brew install $program)." >&2; exit 2; }
done

step() { printf '\n== %s\n' "$*"; }

# expect <what> <actual> <wanted>
expect() {
  [[ $2 == "$3" ]] || { printf 'tour.sh: %s is %s, not %s\n' "$1" "$2" "$3" >&2; exit 1; }
  printf '   %s: %s\n' "$1" "$2"
}

url=${AGENTPLATFORM_URL:-http://127.0.0.1:8080}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

step "POST /v1/signup: a person and a tenant, in one transaction"
slug=tour-$RANDOM$RANDOM
curl -sS --fail-with-body "$url/v1/signup" -c "$work/cookies" -H 'content-type: application/json' > "$work/account.json" -d '{
  "email": "ann@'$slug'.example", "password": "correct horse battery staple", "name": "Ann",
  "tenant": { "name": "Tour", "slug": "'$slug'" } }'
expect "role" "$(jq -r .role "$work/account.json")" owner
expect "tenant" "$(jq -r .tenant.slug "$work/account.json")" "$slug"

step "POST /v1/api-keys: from here on a program calls, with a key that may do just this"
key=$(curl -sS --fail-with-body "$url/v1/api-keys" -b "$work/cookies" -H "x-csrf-token: $(jq -r .csrf_token "$work/account.json")" \
  -H 'content-type: application/json' \
  -d '{"name":"tour","scopes":["agents:write","triggers:write","runs:read"]}' | jq -r .key)
call() { curl -sS --fail-with-body -H "authorization: Bearer $key" "$@"; }
expect "key begins with" "${key:0:3}" ap_

step "PUT /v1/agents/check-order/definition: an agent in YAML"
cat > "$work/agent.yaml" <<'YAML'
name: Check an order
input_schema:
  type: object
  required: [customer, total]
  properties: { customer: { type: string }, total: { type: number, minimum: 0 } }
graph:
  nodes:
    - id: size
      skill: switch
      with: { cases: [{ name: large, when: "input.total >= `1000`" }], default: small }
    - id: review
      skill: transform
      with: { team: sales, note: "Call {{input.customer}} before we ship." }
    - id: ship
      skill: transform
      with: { team: warehouse, note: "Ship it." }
    - id: decision
      skill: merge
      with: { mode: first, values: ["=review", "=ship"] }
  edges:
    - { from: size, to: review, case: large }
    - { from: size, to: ship, case: small }
    - { from: review, to: decision }
    - { from: ship, to: decision }
  output: { size: "=size.case", team: "=decision.team", note: "=decision.note" }
YAML
call -X PUT "$url/v1/agents/check-order/definition" -H 'content-type: application/yaml' --data-binary "@$work/agent.yaml" > "$work/applied.json"
expect "outcome" "$(jq -r .outcome "$work/applied.json")" created
expect "version" "$(jq -r .agent.latest_version "$work/applied.json")" 1.0.0

step "POST /v1/agents/check-order/triggers: a webhook, its secret shown this once"
call "$url/v1/agents/check-order/triggers" -H 'content-type: application/json' -d '{"name":"Shop","kind":"webhook","path":"orders"}' > "$work/trigger.json"
hook=$(jq -r .url "$work/trigger.json")
secret=$(jq -r .secret "$work/trigger.json")
expect "address ends with" "${hook##*/hooks/}" "$slug/orders"

step "POST /hooks/$slug/orders: a shop, which knows the secret and nothing else, signs a delivery and sends it"
id=msg_$RANDOM$RANDOM
at=$(date +%s)
body='{"customer":"Ann","total":1250}'
hex=$(printf %s "${secret#whsec_}" | openssl base64 -d -A | od -An -tx1 | tr -d ' \n')
signature=$(printf %s "$id.$at.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$hex" -binary | openssl base64 -A)
deliver() { curl -sS -w '\n%{http_code}\n' "$hook" -H 'content-type: application/json' -d "$1" \
  -H "webhook-id: $id" -H "webhook-timestamp: $at" -H "webhook-signature: v1,$signature"; }
deliver "$body" > "$work/delivered"
run=$(head -1 "$work/delivered" | jq -r .run_id)
expect "status" "$(tail -1 "$work/delivered")" 202
echo "   run: $run"

step "GET /v1/runs/$run/events: watched live; the stream ends with the run"
call -N "$url/v1/runs/$run/events" > "$work/events"
grep '^event:' "$work/events" | sed 's/^/   /'
expect "last event" "$(grep '^event:' "$work/events" | tail -1)" "event: run.finished"

step "GET /v1/runs/$run"
call "$url/v1/runs/$run" > "$work/run.json"
expect "status" "$(jq -r .status "$work/run.json")" succeeded
expect "output" "$(jq -cS .output "$work/run.json")" '{"note":"Call Ann before we ship.","size":"large","team":"sales"}'

step "GET /v1/runs/$run/steps: what each node did"
call "$url/v1/runs/$run/steps" > "$work/steps.json"
expect "steps" "$(jq -r '[.items[] | .node_id + " " + .status] | sort | join(", ")' "$work/steps.json")" \
  "decision succeeded, review succeeded, ship skipped, size succeeded"

step "The same delivery again: answered with the same run, and nothing runs twice"
deliver "$body" > "$work/again"
expect "status" "$(tail -1 "$work/again")" 200
expect "run" "$(head -1 "$work/again" | jq -r .run_id)" "$run"

step "A delivery whose body was changed on its way"
deliver '{"customer":"Ann","total":1}' > "$work/forged"
expect "status" "$(tail -1 "$work/forged")" 401

step "Another tenant asks for the run"
other=other-$RANDOM$RANDOM
curl -sS --fail-with-body "$url/v1/signup" -c "$work/other" -o /dev/null -H 'content-type: application/json' -d '{
  "email": "bob@'$other'.example", "password": "correct horse battery staple", "name": "Bob",
  "tenant": { "name": "Other", "slug": "'$other'" } }'
curl -sS -w '\n%{http_code}\n' -b "$work/other" "$url/v1/runs/$run" > "$work/foreign"
expect "status" "$(tail -1 "$work/foreign")" 404
expect "code" "$(head -1 "$work/foreign" | jq -r .code)" run_not_found

printf '\nThe tour is complete: signed up, described, fired, watched, read, replayed, refused.\n'
