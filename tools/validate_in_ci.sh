#!/usr/bin/env bash
# The step of action.yml that checks: reads its inputs from the environment, annotates, and writes the job's summary.
set -u

arguments=()
option() { if [ -n "$2" ]; then arguments+=("$1" "$2"); fi; }
lines() { while IFS= read -r line; do if [ -n "${line//[[:space:]]/}" ]; then "$1" "$line"; fi; done; }
folder() { option --contracts "$1"; }
file() { files+=("$1"); }

option --spec "$SPEC"
option --operation "$OPERATION"
option --message "$MESSAGE"
option --status "$STATUS"
option --level "$LEVEL"
lines folder <<< "$CONTRACTS"
if [ -n "$PARTNER" ]; then arguments+=("$PARTNER"); fi
files=()
lines file <<< "$FILES"
if [ "${#files[@]}" = 0 ]; then
  echo "::error title=orderbridge::the input \`files\` names nothing to check"
  echo "exit-code=2" >> "$GITHUB_OUTPUT"
  exit 2
fi

check() { "$PROGRAMS/orderbridge" validate "$@" "${arguments[@]}" -- "${files[@]}"; }

check --format github
code=$?
echo "exit-code=$code" >> "$GITHUB_OUTPUT"
if [ "$code" -gt 1 ]; then
  echo "::error title=orderbridge::nothing was checked; the log of this step says why"
  exit "$code"
fi
if [ -n "$SARIF" ]; then check --format sarif --output "$SARIF"; fi
{
  echo '### orderbridge'
  echo '``````'
  check --format text --color never | tail -n 200
  echo '``````'
} >> "$GITHUB_STEP_SUMMARY"
exit "$code"
