#!/usr/bin/env bash
# Submits the array job and, behind it, the merge job.
#
#   contrib/slurm/submit.sh LISTING SHARDS WORK_DIRECTORY [sbatch flags of the array...]
#
# LISTING is a file with a path a line, the same on all nodes; WORK_DIRECTORY is on a disk that all
# nodes see: the parts go to WORK_DIRECTORY/parts, the merged index to WORK_DIRECTORY/index.
# BASE names the directory that the listing's paths are relative to, INGEST_FLAGS more flags of
# `crawlcard ingest`, CRAWLCARD the command where it is not on the PATH.
# To send only some shards again: ARRAY=3,7 contrib/slurm/submit.sh ... with the same SHARDS.
set -euo pipefail
if [[ $# -lt 3 ]]; then
  echo "usage: $0 LISTING SHARDS WORK_DIRECTORY [sbatch flags...]" >&2
  exit 2
fi
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
LISTING=$(realpath -- "$1") SHARDS=$2 WORK=$(realpath -m -- "$3")
shift 3
export LISTING SHARDS WORK CONTRIB=$here/..
export CRAWLCARD=${CRAWLCARD:-crawlcard} BASE=${BASE:-} INGEST_FLAGS=${INGEST_FLAGS:-}
mkdir -p "$WORK/logs"
array=$(sbatch --parsable --array="${ARRAY:-0-$((SHARDS - 1))}" --export=ALL \
  --output="$WORK/logs/ingest.%A_%a.log" "$@" "$here/ingest.sbatch")
# Not afterok: a task that is requeued while it ends with an error breaks that for good, whatever it
# does later. Whether all parts are there is for merge.sbatch to see.
merge=$(sbatch --parsable --dependency="afterany:$array" --export="ALL,ARRAY_JOB=$array" \
  --output="$WORK/logs/merge.%j.log" "$here/merge.sbatch")
echo "array=$array merge=$merge"
