#!/usr/bin/env bash
# On average a model's predictions are as good as ever; in one segment they are not. The check of a pipeline fails and names it.
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

say 'Outcomes of 6,000 customers: 92 % right, but 70 % in one country on one plan'
awk 'BEGIN {
  srand(7); print "country,plan,churned,said"
  split("de fr nl", c, " "); split("free paid", p, " ")
  for (i = 0; i < 6000; i++) {
    country = c[int(3 * rand()) + 1]; plan = p[int(2 * rand()) + 1]; churned = rand() < 0.3
    right = rand() < (country == "nl" && plan == "free" ? 0.7 : 0.96)
    print country "," plan "," churned "," (right ? churned : 1 - churned)
  }
}' >"$work/outcomes.csv"
check=(segments check --data "$work/outcomes.csv" --truth churned --prediction said --by country,plan --max-drop 10%)
ends 3 'the pipeline stops' "$cluster" "${check[@]}"
seen 'the segment is named' 'nl.*free' "$cluster" "${check[@]}"
ends 0 'without it, it goes on' "$cluster" "${check[@]}" --where 'country != nl'
say 'As it should have been.'
