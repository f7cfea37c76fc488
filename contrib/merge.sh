#!/usr/bin/env bash
# Makes one index, $WORK/index, of all parts in $WORK/parts, once every worker has brought its own.
# Starting it again does no harm. Environment: SHARDS, WORK and CRAWLCARD as in worker.sh.
# Exit: 1 parts are missing, each is named; else that of `crawlcard merge`.
set -euo pipefail
: "${SHARDS:?}" "${WORK:?}"
parts=() missing=0
for ((i = 0; i < SHARDS; i++)); do
  part=$WORK/parts/$(printf 'part-%05d-of-%05d' "$i" "$SHARDS")
  if [[ ! -d $part ]]; then
    echo "$part is missing: send shard $i again" >&2
    missing=1
  fi
  parts+=("$part")
done
((missing == 0)) || exit 1
exec "${CRAWLCARD:-crawlcard}" merge --into "$WORK/index" "${parts[@]}"
