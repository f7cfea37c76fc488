#!/usr/bin/env bash
# Paths on standard input, a line of facts a capture on standard output: for rdd.pipe().
#
# Spark fails a task whose process does not end with 0. Damaged and unreadable files are said on
# standard error, with file and offset, and the rest comes out; they fail the task only with
# STRICT=1, since another try would meet the same damage. Environment: CRAWLCARD (the command),
# BASE (what paths are relative to), EXTRACT_FLAGS (more flags of `crawlcard extract`), STRICT.
set -uo pipefail
words=(extract --format jsonl --jobs "${JOBS:-1}")
[[ -n ${BASE:-} ]] && words+=(--base "$BASE")
# Several flags in one variable: split on purpose.
# shellcheck disable=SC2206
words+=(${EXTRACT_FLAGS:-} @-)
code=0
"${CRAWLCARD:-crawlcard}" "${words[@]}" || code=$?
[[ $code -eq 3 && ${STRICT:-0} != 1 ]] && exit 0
exit "$code"
