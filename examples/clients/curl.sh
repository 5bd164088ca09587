#!/usr/bin/env sh
# The whole round with curl: who am I, a file up, follow the run, fetch what failed, read what happened.
#   TIEOUT_URL=https://tieout.example.com TIEOUT_KEY=tk_... ./curl.sh stock stock.csv
set -eu

workflow=${1:?name of a workflow}
file=${2:?a CSV file}
cursor_file=${3:-events.cursor}
url=${TIEOUT_URL:?address of the gateway}

# The key goes through a file, so that no other user of this machine sees it in the list of processes.
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT
printf 'X-API-Key: %s\n' "${TIEOUT_KEY:?key of the client}" >"$headers"
tieout() { curl --silent --show-error --fail-with-body --retry 5 --max-time 120 --header "@$headers" "$@"; }

# The value of a text, number or truth value at the top of a JSON object, without any other program.
member() { sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p' | head -n 1; }

echo "client: $(tieout "$url/v1/caller" | member client)"

# Made of the content: the same file sent twice, by a repeat or by mistake, has its effect once.
key=$(cksum <"$file" | tr -d ' \n')
run=$(tieout --request POST "$url/v1/workflows/$workflow/records" \
  --header "Idempotency-Key: \"$workflow-$key\"" --header 'Content-Type: text/csv' --header 'Prefer: respond-async' \
  --data-binary "@$file")
# `id` is the first member
id=$(printf '%s' "$run" | sed 's/^{"id":"\([^"]*\)".*/\1/')

# Each call waits up to 50 seconds for the end; nothing has to reach this machine from outside.
over=false
while [ "$over" != true ]; do
  run=$(tieout "$url/v1/runs/$id?wait=50")
  over=$(printf '%s' "$run" | member over)
done
echo "run $id: $(printf '%s' "$run" | member state)"

# Correct it and send it as it is.
tieout --output failed.csv "$url/v1/runs/$id/records/failed"
echo "failed rows: $(($(wc -l <failed.csv) - 1))"

# The cursor is saved when the events have been dealt with.
cursor=$(cat "$cursor_file" 2>/dev/null || true)
events=$(tieout --get "$url/v1/events" ${cursor:+--data-urlencode "after=$cursor"})
echo "events: $(printf '%s' "$events" | grep -o '"type":"' | wc -l | tr -d ' ')"
printf '%s' "$events" | sed -n 's/.*"next":"\([^"]*\)".*/\1/p' >"$cursor_file"
