#!/usr/bin/env bash
# Stands for the command: the first start of shard KILL_SHARD gets the signal KILL_SIGNAL in the
# middle of its work, soon after it has taken the lock of its index; with KILL_LAST=1 when all other
# tasks of the array have ended.
set -u
shard=${SLURM_ARRAY_TASK_ID:-}
if [[ $1 != ingest || $shard != "$KILL_SHARD" || ${SLURM_RESTART_COUNT:-0} != 0 ]]; then
  exec "$REAL_CRAWLCARD" "$@"
fi
[[ $2 == --index ]] || exit 2
if [[ ${KILL_LAST:-} == 1 ]]; then
  until [[ $(squeue --noheader --array --job="$SLURM_ARRAY_JOB_ID" --format=%K) == "$shard" ]]; do
    sleep 0.2
  done
  echo "shard $shard is the last one" >&2
fi
"$REAL_CRAWLCARD" "$@" &
worker=$!
# Its work takes some tens of milliseconds: it gets them one by one, so as not to be done before the
# signal comes.
until kill -STOP "$worker" 2>/dev/null; [[ -e $3/writer.lock ]]; do
  kill -CONT "$worker" 2>/dev/null || break
  sleep 0.001
done
kill -"$KILL_SIGNAL" "$worker" 2>/dev/null && echo "shard $KILL_SHARD got $KILL_SIGNAL" >&2
kill -CONT "$worker" 2>/dev/null
code=0
wait "$worker" || code=$?
exit "$code"
