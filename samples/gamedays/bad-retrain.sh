#!/usr/bin/env bash
# The next training rows have their columns exchanged. What is trained on them is tried on a fifth of the questions, judged bad and rolled back.
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

say 'A model that answers, and a plan'
rows 3000 1 >"$work/first.csv"
run datasets import visitors "$work/first.csv"
run train kmeans --data visitors --model visitors --k 3 --seed 1
serve
run retraining set visitors --dataset visitors --new-rows 500 --canary 20%,50% --every 2s --least-rows 100

say 'Rows come whose columns are exchanged'
{ echo minutes,pages; rows 4000 2 | awk -F, 'NR > 1 { print $2 "," $1 }'; } >"$work/exchanged.csv"
run datasets import visitors "$work/exchanged.csv"
traffic_begin visitors "$work/first.csv"
until_seen 'retrained, tried, and rolled back, with the reason' 120 'rolled-back +[a-z]+: ' "$cluster" retraining look visitors --wait
traffic_end
seen 'the version before answers everything' '"version":1[,}]' api POST models/visitors/assign -H 'content-type: application/json' -d '{"rows": [[10, 20]]}'
seen 'the audit trail says why' 'ended the route.*(agreement|score)' "$cluster" models audit visitors
seen 'these rows are not tried a second time' 'was not good enough' "$cluster" retraining look visitors
say 'As it should have been.'
