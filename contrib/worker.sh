#!/usr/bin/env bash
# One worker of a build on many machines, as batch systems want it: signals are passed on, and the
# exit code says whether another try may help. docs/operations/many-machines.md has the flow.
#
# Environment:
#   LISTING       a file with a path a line, the same for all workers
#   SHARDS        how many workers share it out; the rank is the batch system's
#   WORK          a directory that all workers see: parts go to $WORK/parts
#   SCRATCH       a directory on the machine's own disk, default $TMPDIR or /tmp
#   BASE          the directory that the listing's paths are relative to (may be empty)
#   SHARD         default auto/$SHARDS; auto+1000/$SHARDS for an array that is a later range
#   JOBS          threads, default 1
#   INGEST_FLAGS  more flags of `crawlcard ingest` (may be empty)
#   CRAWLCARD     the command, default crawlcard
#
# Exit: 0 the part is there; 3 a file failed; 70, 75, 137 start again; 2 never start again like this.
set -uo pipefail
: "${LISTING:?}" "${SHARDS:?}" "${WORK:?}"
rank=${SLURM_ARRAY_TASK_ID:-${JOB_COMPLETION_INDEX:-${AWS_BATCH_JOB_ARRAY_INDEX:-${SLURM_PROCID:-0}}}}
job=${SLURM_ARRAY_JOB_ID:-${AWS_BATCH_JOB_ID:-job}}
local=${SCRATCH:-${TMPDIR:-/tmp}}/crawlcard-${job%%:*}/$rank
summary=$local.summary
mkdir -p "$(dirname "$local")" || exit 70

words=(ingest --index "$local" --shard "${SHARD:-auto/$SHARDS}" --publish "$WORK/parts"
  --jobs "${JOBS:-1}" --format jsonl)
[[ -n ${BASE:-} ]] && words+=(--base "$BASE")
# Several flags in one variable: split on purpose.
# shellcheck disable=SC2206
words+=(${INGEST_FLAGS:-} "@$LISTING")

"${CRAWLCARD:-crawlcard}" "${words[@]}" >"$summary" &
worker=$!
trap 'kill -USR1 "$worker" 2>/dev/null' USR1
trap 'kill -TERM "$worker" 2>/dev/null' TERM
code=0
wait "$worker" || code=$?
while kill -0 "$worker" 2>/dev/null; do # a signal has cut the wait short
  code=0
  wait "$worker" || code=$?
done
cat "$summary"
# Damage is a fact of the input, said and published; a file that failed keeps the part back.
if [[ $code -eq 3 ]] && grep -q '"published":true' "$summary"; then code=0; fi
if [[ $code -eq 0 ]]; then rm -rf -- "$local"; fi
rm -f -- "$summary"
exit "$code"
