#!/usr/bin/env bash
# One of three silos is killed while a model is trained and questions are asked. The job ends with the same digest, and every question is answered.
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

say 'What the digest must be, by one process'
rows 60000 1 >"$work/rows.csv"
options=(--k 40 --seed 1 --restarts 12 --max-iterations 60 --tolerance 0)
run datasets import visitors "$work/rows.csv"
run train kmeans --data visitors --model alone "${options[@]}"
digest=$("$cluster" models show alone@1 --report json | grep -oE '"digest": ?"[0-9a-f]+"' | head -n 1)
echo "   $digest"

say 'Three silos; one is killed while the job runs'
ends_with_us() { "$cluster" down >/dev/null 2>&1 || true; }
"$cluster" up --silos 3 --store files --kill-after 500ms >"$work/serve.out" 2>"$work/serve.log" &
service=$!
end=$((SECONDS + 120))
until grep -qE '127\.0\.0\.1:[0-9]+' "$work/serve.out"; do
  kill -0 "$service" && [ "$SECONDS" -lt "$end" ] || { echo 'the silos did not start'; exit 1; }
  sleep 0.2
done
gateways=$(grep -oE '127\.0\.0\.1:[0-9]+(,127\.0\.0\.1:[0-9]+)*' "$work/serve.out" | head -n 1)
run datasets import visitors "$work/rows.csv" --cluster "$gateways"
run train kmeans --data visitors --model together "${options[@]}" --cluster "$gateways"
seen 'a silo was killed' '[Kk]illed' cat "$work/serve.out" "$work/serve.log"
seen 'the same digest' "$digest" "$cluster" models show together@1 --report json --cluster "$gateways"
rows 300 2 >"$work/question.csv"
seen 'two silos go on answering' '3,00|300' "$cluster" assign --model together --data "$work/question.csv" --cluster "$gateways"
say 'As it should have been.'
