# Queues this job again, so that it goes on where it stopped, unless that was done often enough.
retry() {
  [ "${SLURM_RESTART_COUNT:-0}" -lt "$retries" ] || return
  echo "cotbal: this job is queued again"
  scontrol requeue "$SLURM_JOB_ID" && sleep 600
}

# Slurm says that the time is nearly up (USR1), or that the job is cancelled (TERM): the work saves its state and ends.
child="" warned="" stopped=""
trap 'warned=yes; [ -n "$child" ] && kill -TERM "$child"' USR1
trap 'stopped=yes; [ -n "$child" ] && kill -TERM "$child"' TERM

# Carries out a command, until it is done.
carry_out() {
  while :; do
    "$@" &
    child=$!
    wait "$child"; code=$?
    while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
    child=""
    [ -n "$stopped" ] && exit 130
    case $code in
      0 | 4) return 0 ;;                              # done now, or before
      5) [ -z "$warned" ] && sleep 10 && continue ;;  # another process is at this part
    esac
    echo "cotbal: $* ended with code $code on $(hostname)"
    # Bad input (2) and a part whose needs are not met (6) are no better the next time.
    case $code in 2 | 6) ;; *) retry ;; esac
    exit $code
  done
}
