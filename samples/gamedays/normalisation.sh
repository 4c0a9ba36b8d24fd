#!/usr/bin/env bash
# A job that feeds six models begins to write one column in another unit. That is one alert, which names the column and all six models.
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

say 'Six models of the same columns, observed for a day'
rows 3000 1 >"$work/first.csv"
run datasets import visitors "$work/first.csv"
serve
run alerts rule drift --when 'drift > 0.2' --for 1s --severity page
rows 1500 2 >"$work/day.csv"
for k in 2 3 4 5 6 7; do
  run train kmeans --data visitors --model "visitors-$k" --k "$k" --seed 1
  run monitor observe "visitors-$k" --data "$work/day.csv" --window before
done
seen 'nothing is wrong' 'Nothing is wrong' "$cluster" alerts look

say 'Pages are written in hundreds'
rows 1500 3 0 0.01 >"$work/day.csv"
for k in 2 3 4 5 6 7; do
  run monitor observe "visitors-$k" --data "$work/day.csv" --window after
done
run alerts look
sleep 1.5
seen 'an alert that names the column' 'firing +page +drift +pages' "$cluster" alerts look
seen 'it is one, of all six models' 'visitors-7' "$cluster" alerts list
[ "$("$cluster" alerts list | grep -c ' firing ')" -eq 1 ] || { echo '   NOT SEEN: one alert and no more'; exit 1; }
echo '   seen: one alert and no more'
say 'As it should have been.'
