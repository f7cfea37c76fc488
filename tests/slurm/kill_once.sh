#!/usr/bin/env bash
# Stands for the command: the first start of shard KILL_SHARD is killed in the middle of its work.
set -u
shard=${SLURM_ARRAY_TASK_ID:-}
if [[ $1 != ingest || $shard != "$KILL_SHARD" || ${SLURM_RESTART_COUNT:-0} != 0 ]]; then
  exec "$REAL_CRAWLCARD" "$@"
fi
"$REAL_CRAWLCARD" "$@" &
worker=$!
sleep "0.$((RANDOM % 2 + 1))$((RANDOM % 10))"
kill -KILL "$worker" 2>/dev/null && echo "shard $KILL_SHARD killed"
code=0
wait "$worker" || code=$?
exit "$code"
