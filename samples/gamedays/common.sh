# What the game days share: a home of their own, a service on it, rows, questions, and the list of what should have been seen.
set -euo pipefail
samples=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
cluster=${CLUSTER:-$samples/../../cluster}
work=$(mktemp -d)
export ORLEANSCLUSTER_HOME=$work/home
unset ORLEANSCLUSTER_SERVER ORLEANSCLUSTER_TENANT ORLEANSCLUSTER_KEY
service= traffic=

# What a game day started besides the service ends with it.
ends_with_us() { :; }

finish() {
  status=$?
  trap - EXIT
  [ -z "$traffic" ] || kill "$traffic" 2>/dev/null || true
  [ -z "$service" ] || kill "$service" 2>/dev/null || true
  ends_with_us
  wait 2>/dev/null || true
  if [ "$status" -ne 0 ]; then
    [ ! -f "$work/serve.log" ] || { echo '--- what the service said last:'; tail -n 20 "$work/serve.log"; }
    echo "--- NOT as it should have been (exit code $status)"
  fi
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

# run WORD…: the command, silent unless it fails.
run() {
  local out
  out=$("$cluster" "$@" 2>&1) || { code=$?; printf '%s\n' "$out"; exit "$code"; }
}

say() { printf '\n== %s\n' "$*"; }

# seen WHAT PATTERN COMMAND…: the command must print a line that matches. What it prints is shown.
seen() {
  local what=$1 pattern=$2 out
  shift 2
  out=$("$@" 2>&1) || true
  if ! grep -qE -- "$pattern" <<<"$out"; then
    printf '%s\n' "$out"
    echo "   NOT SEEN: $what (no line matches '$pattern')"
    exit 1
  fi
  grep -E -m 3 -- "$pattern" <<<"$out" | sed 's/^/   | /'
  echo "   seen: $what"
}

# ends CODE WHAT COMMAND…: the command must end with this exit code.
ends() {
  local want=$1 what=$2 code=0 out
  shift 2
  out=$("$@" 2>&1) || code=$?
  if [ "$code" -ne "$want" ]; then
    printf '%s\n' "$out"
    echo "   NOT SEEN: $what (ended with $code and not with $want)"
    exit 1
  fi
  echo "   seen: $what"
}

# until_seen WHAT SECONDS PATTERN COMMAND…: as seen, asked for again until it is.
until_seen() {
  local what=$1 seconds=$2 pattern=$3 end out
  shift 3
  end=$((SECONDS + seconds))
  until out=$("$@" 2>&1) && grep -qE -- "$pattern" <<<"$out"; do
    if [ "$SECONDS" -ge "$end" ]; then
      printf '%s\n' "$out"
      echo "   NOT SEEN within $seconds s: $what (no line matches '$pattern')"
      exit 1
    fi
    sleep 0.5
  done
  grep -E -m 3 -- "$pattern" <<<"$out" | sed 's/^/   | /'
  echo "   seen: $what"
}

# Three groups of visitors in two columns: rows ROWS SEED [SHIFT [SCALE]]. SHIFT moves the first column, in standard deviations of a group; SCALE multiplies the second column.
rows() {
  awk -v n="$1" -v seed="$2" -v shift="${3:-0}" -v scale="${4:-1}" '
    function normal(   s, i) { s = -6; for (i = 0; i < 12; i++) s += rand(); return s }
    BEGIN {
      srand(seed); print "minutes,pages"
      split("10 30 50", x, " "); split("20 60 20", y, " ")
      for (i = 0; i < n; i++) { g = i % 3 + 1; printf "%.4f,%.4f\n", x[g] + 2 * (normal() + shift), scale * (y[g] + 3 * normal()) }
    }'
}

# Starts the service on the home, or starts it again.
serve() {
  : >"$work/serve.out"
  "$cluster" serve --port 0 --observe 1h "$@" >"$work/serve.out" 2>"$work/serve.log" &
  service=$!
  local end=$((SECONDS + 120))
  until address=$(sed -nE 's|^Listening at (http://[^/ ]+).*|\1|p' "$work/serve.out") && [ -n "$address" ] && curl -fs "$address/health/ready" >/dev/null; do
    kill -0 "$service" 2>/dev/null && [ "$SECONDS" -lt "$end" ] || { echo 'the service did not start'; exit 1; }
    sleep 0.2
  done
}

api() { curl -sS --fail-with-body -X "$1" "$address/api/v1/$2" "${@:3}"; }

# Asks for clusters all the time, 200 rows a question, and counts what was answered and what was not: traffic_begin MODEL FILE.
traffic_begin() {
  awk -F, 'NR > 1 && NR <= 201 { printf "%s[%s,%s]", NR == 2 ? "{\"rows\": [" : ",", $1, $2 } END { print "]}" }' "$2" >"$work/question.json"
  : >"$work/answers"
  while :; do
    curl -s -o /dev/null -w '%{http_code}\n' -H 'content-type: application/json' -d "@$work/question.json" "$address/api/v1/models/$1/assign" >>"$work/answers" || true
  done &
  traffic=$!
}

traffic_end() {
  kill "$traffic"
  wait "$traffic" 2>/dev/null || true
  traffic=
  # The last question may have been cut off.
  local answered other
  answered=$(grep -c '^200$' "$work/answers") || true
  other=$(sed '$d' "$work/answers" | grep -vc '^200$') || true
  if [ "$other" -ne 0 ] || [ "$answered" -lt 10 ]; then
    echo "   NOT SEEN: every question answered ($answered were, $other were not)"
    exit 1
  fi
  echo "   seen: every one of $answered questions answered"
}
