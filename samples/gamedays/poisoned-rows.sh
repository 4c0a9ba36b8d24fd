#!/usr/bin/env bash
# Rows arrive that cannot be true, and then rows that could be. The first are kept out by what the dataset expects, the second by the model's policy.
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

say 'A dataset that says what its rows are like, and a model with a policy'
rows 3000 1 >"$work/first.csv"
run datasets import visitors "$work/first.csv" --expect 'minutes in 0..200; pages in 0..500; missing(pages) < 1%'
run train kmeans --data visitors --model visitors --k 3 --seed 1
run models policy visitors --churn 20% --objective-worse-than 20%
run models promote visitors@1 --reason 'the first'

say 'A meter broke: every seventh row has 60,000 minutes'
rows 700 2 | awk -F, 'NR > 1 && NR % 7 == 0 { $1 = 60000 } { print $1 "," $2 }' >"$work/broken.csv"
ends 2 'they are refused, by their lines' "$cluster" datasets append visitors "$work/broken.csv"
seen 'nothing of them is in the dataset' '3,000' "$cluster" datasets describe visitors
run datasets append visitors "$work/broken.csv" --on-broken "quarantine=$work/aside.csv"
seen 'the good ones are let in when asked' '3,600' "$cluster" datasets describe visitors
seen 'the others are put aside' ',60000,' head -n 3 "$work/aside.csv"

say 'Somebody writes rows that could be true: half of the dataset in one place'
{ echo minutes,pages; rows 4000 3 | awk 'NR > 1 { print "100,300" }'; } >"$work/poison.csv"
run datasets append visitors "$work/poison.csv"
ends 3 'what is trained on them is not promoted' "$cluster" retrain visitors --data visitors --fresh
seen 'the champion is the version before' 'champion → 1' "$cluster" models show visitors
seen 'the gate says why' 'version 2.*(churn|objective)' "$cluster" models audit visitors
say 'As it should have been.'
