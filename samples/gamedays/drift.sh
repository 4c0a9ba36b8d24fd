#!/usr/bin/env bash
# A segmentation drifts over a week. Alert, retraining, canary, promotion: nobody does anything but look.
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

say 'Monday: a model that answers, a plan, and a rule'
rows 3000 1 >"$work/first.csv"
run datasets import visitors "$work/first.csv"
run train kmeans --data visitors --model visitors --k 3 --seed 1
serve
run retraining set visitors --dataset visitors --drifted-windows 2 --canary 50% --every 2s --least-rows 200
run alerts rule drift --when 'drift > 0.15' --until 0.1 --for 1s --severity ticket

say 'Tuesday to Sunday: visits grow longer'
day=0
for shift in 0 0 0.8 1.2 1.4; do
  day=$((day + 1))
  rows 1500 $((day + 10)) "$shift" >"$work/day.csv"
  run monitor observe visitors --data "$work/day.csv" --window "day-$day"
done
ends 0 'the second day is as the training rows' "$cluster" monitor drift visitors --window day-2
ends 3 'the last day has drifted' "$cluster" monitor drift visitors --window day-5

say 'The alert'
until_seen 'one alert that names the column' 60 'firing.*minutes' "$cluster" alerts look

say 'The newest rows are imported as the next version of the dataset, and the plan does the rest while questions are answered'
rows 3000 30 1.4 >"$work/new.csv"
run datasets import visitors "$work/new.csv"
traffic_begin visitors "$work/new.csv"
until_seen 'retrained because of drift, and promoted by itself' 120 'promoted' "$cluster" retraining look visitors --wait
traffic_end
seen 'the cause is written down' '[Dd]rift' "$cluster" retraining show visitors
seen 'version 2 is champion, with the same clusters' 'champion' "$cluster" models show visitors
rows 1500 40 1.4 >"$work/day.csv"
run monitor observe visitors --data "$work/day.csv" --window day-8
ends 0 'for the new version the day is as it should be' "$cluster" monitor drift visitors --window day-8
until_seen 'the alert is over' 30 'nothing|no alert|resolved' "$cluster" alerts look
say 'As it should have been.'
