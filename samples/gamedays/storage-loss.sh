#!/usr/bin/env bash
# The storage loses a file. What needs it says so by name, nothing else stops, and a backup brings everything back with the same digest.
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

say 'A model, and a backup of last night'
rows 3000 1 >"$work/rows.csv"
run datasets import visitors "$work/rows.csv"
run train kmeans --data visitors --model visitors --k 3 --seed 1
run backup "$work/night.backup"

say 'The storage loses the largest file of rows'
shard=$(find "$ORLEANSCLUSTER_HOME" -path '*blobs*' -type f -printf '%s %p\n' | sort -rn | head -n 1 | cut -d ' ' -f 2-)
rm -f "$shard"
ends 1 'verify finds it' "$cluster" datasets verify visitors
ends 1 'a training on these rows ends with an error, and publishes nothing' "$cluster" retrain visitors --data visitors --fresh
rows 300 2 >"$work/question.csv"
ends 0 'the model goes on answering' "$cluster" assign --model visitors --data "$work/question.csv"

say 'Restored elsewhere'
digest=$("$cluster" models show visitors@1 --report json | grep -oE '"digest": ?"[0-9a-f]+"' | head -n 1)
export ORLEANSCLUSTER_HOME=$work/restored
run restore "$work/night.backup"
ends 0 'verify finds nothing' "$cluster" datasets verify visitors
run train kmeans --data visitors --model again --k 3 --seed 1
seen 'the same digest' "$digest" "$cluster" models show again@1 --report json
say 'As it should have been.'
