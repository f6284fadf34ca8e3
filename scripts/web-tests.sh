# The page's own unit tests and the browser tests. Sourced by ./test, which has `count`.

# run_web_tests FOLDER LOG: runs `npm test` there and counts what Vitest ("Tests  3 failed | 21 passed") or
# Playwright ("3 failed", "21 passed") say they did.
run_web_tests() {
  local folder=$1 log=build/logs/$2 status=0 ok bad
  NO_COLOR=1 FORCE_COLOR=0 npm --prefix "$folder" test >"$log" 2>&1 || status=$?
  read -r ok bad < <(awk '!/Test Files/ { sub(/^ *(Tests +)?/, "") }
    /^[0-9]+ (passed|failed)/ { for (i = 1; i < NF; ++i) n[$(i + 1)] += $i + 0 }
    END { print n["passed"] + 0, n["failed"] + 0 }' "$log")
  [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
  [ "$bad" -eq 0 ] || tail -n 80 "$log"
  echo "$ok passed, $bad failed"
  count "$ok" "$bad"
}

step "Unit tests: web page"
run_web_tests web web-unit.log

step "Browser tests"
install_node_modules tests/web
run_web_tests tests/web web-browser.log
